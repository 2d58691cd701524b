import { Button, Field, Input } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { Link } from "react-router";
import { call } from "@/api/call";
import type { Setting } from "@/api/gen/api";
import { Instant } from "@/components/Instant";
import { Tag } from "@/components/Tag";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import css from "./settings.module.css";

const origins: Record<Setting["origin"], string> = {
  default: "default",
  changed: "changed here",
  file: "from the configuration file",
  environment: "from the environment",
  flag: "from the command line",
};

/** Where a value that cannot be changed here is changed. */
function whyFixed({ origin, is_changeable }: Setting): string {
  if (is_changeable) return "";
  if (origin === "file") return "Given by the configuration file: change it there.";
  if (origin === "environment") return "Given by the environment of the server: change it there.";
  if (origin === "flag") return "Given on the command line of the server: change it there.";
  return "Holds from the start of the server on: change it in its configuration.";
}

/** A lower number of days lets telemetry go for good. */
function losesDays({ key, value }: Setting, next: string): boolean {
  return key.startsWith("retention.") && Number(next) < Number(value);
}

function EditForm({ setting, onClose }: { setting: Setting; onClose: () => void }) {
  const client = useQueryClient();
  const say = useUndoToast();
  const [text, setText] = useState(setting.value);
  const save = useMutation({
    mutationFn: (value: string) =>
      call("changeSetting", { path: { key: setting.key }, body: { value } }),
    onSuccess: async (now) => {
      await client.invalidateQueries({ queryKey: ["listSettings"] });
      say(`${setting.key} is ${now.value} now.`);
      onClose();
    },
  });
  const next = text.trim();
  const loses = losesDays(setting, next);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (next !== setting.value) save.mutate(next);
  }
  return (
    <form className={css.edit} onSubmit={submit}>
      <Field
        label={`New value of ${setting.key}`}
        validationState={save.error ? "error" : loses ? "warning" : "none"}
        validationMessage={
          save.error?.message ??
          (loses
            ? `Live telemetry that is older than ${next} days goes, and does not come back.`
            : null)
        }
      >
        <Input
          autoFocus
          value={text}
          maxLength={4000}
          spellCheck={false}
          onChange={(_, data) => {
            setText(data.value);
            save.reset();
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") onClose();
          }}
        />
      </Field>
      <div className={css.row}>
        <Button
          appearance="primary"
          type="submit"
          disabled={next === setting.value || save.isPending}
        >
          {loses ? `Keep ${next} days, remove what is older` : "Save"}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}

/** One setting: what it holds, who says so, and how it is changed. */
export function ServerSetting({ setting, permitted }: { setting: Setting; permitted: boolean }) {
  const { key, value, origin, doc, is_changeable, changed_by, changed } = setting;
  const client = useQueryClient();
  const say = useUndoToast();
  const [edits, setEdits] = useState(false);
  const controls = useRef<HTMLDivElement>(null);
  const reset = useMutation({
    mutationFn: () => call("resetSetting", { path: { key } }),
    onSuccess: async (now) => {
      await client.invalidateQueries({ queryKey: ["listSettings"] });
      say(`${key} has its default again: ${now.value}.`, async () => {
        await call("changeSetting", { path: { key }, body: { value } });
        await client.invalidateQueries({ queryKey: ["listSettings"] });
      });
    },
    onError: (error) => {
      say(`${key} was not reset: ${error.message}`);
    },
  });
  const fixed = permitted ? whyFixed(setting) : "";
  return (
    <div className={css.setting} role="group" aria-label={key}>
      <div>
        <div className={`${css.name ?? ""} mono`}>{key}</div>
        <div className={css.small}>{doc}.</div>
        {fixed !== "" && <div className={css.small}>{fixed}</div>}
        {changed_by !== "" && (
          <div className={css.small}>
            {origin === "changed" ? "Changed" : "Last changed here"} by <Value text={changed_by} />{" "}
            <Instant time={changed} relative />.{" "}
            <Link to={`/settings/audit?v=1&object=${encodeURIComponent(key)}`}>All changes</Link>
          </div>
        )}
      </div>
      <div className={css.row} ref={controls}>
        {value === "" ? (
          <span className={css.hint}>empty</span>
        ) : (
          <Value text={value} kind="mono" />
        )}
        <Tag tone={origin === "default" ? "neutral" : "brand"}>{origins[origin]}</Tag>
        {permitted && is_changeable && (
          <Button
            size="small"
            aria-expanded={edits}
            aria-label={`Change ${key}`}
            onClick={() => {
              setEdits(!edits);
            }}
          >
            Change
          </Button>
        )}
        {permitted && origin === "changed" && (
          <Button
            size="small"
            appearance="subtle"
            aria-label={`Reset ${key} to its default`}
            disabled={reset.isPending}
            onClick={() => {
              reset.mutate();
            }}
          >
            Reset
          </Button>
        )}
      </div>
      {edits && (
        <EditForm
          setting={setting}
          onClose={() => {
            setEdits(false);
            controls.current?.querySelector("button")?.focus();
          }}
        />
      )}
    </div>
  );
}
