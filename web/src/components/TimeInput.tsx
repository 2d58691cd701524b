// A field for an instant that people write as they think it, with what was understood under it.
import { Field, Input } from "@fluentui/react-components";
import { usePreferences } from "@/app/preferences";
import { instantText, zoneName } from "@/lib/time";
import { readInstant } from "@/lib/timeInput";

export interface TimeInputProps {
  label: string;
  value: string;
  onChange: (text: string, time: string | null) => void;
  /** What "now" and "-2h" count from */
  now: string;
  /** Day of a bare clock time */
  near: string;
  onEnter?: () => void;
}

export function TimeInput(props: TimeInputProps) {
  const { label, value, onChange, now, near, onEnter } = props;
  const { zone } = usePreferences().preferences;
  const context = { zone, now, near };
  const time = readInstant(value, context);
  const bad = value.trim() !== "" && time === null;
  return (
    <Field
      label={label}
      validationState={bad ? "error" : "none"}
      validationMessage={
        bad
          ? "Not understood. Write 17 Nov 9:12, -2h, or 2026-11-17T09:12:33Z"
          : time === null
            ? " "
            : `${instantText(time, zone, "full")} ${zoneName(zone, time)}`
      }
    >
      <Input
        value={value}
        placeholder="17 Nov 9:12, -2h"
        spellCheck={false}
        autoComplete="off"
        onChange={(_, data) => {
          onChange(data.value, readInstant(data.value, context));
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && time !== null) {
            event.preventDefault();
            onEnter?.();
          }
        }}
      />
    </Field>
  );
}
