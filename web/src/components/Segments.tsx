import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { useId } from "react";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  box: {
    display: "inline-flex",
    borderRadius: "4px",
    border: `1px solid ${role("strokeStrong")}`,
    background: role("surface"),
    overflow: "hidden",
    flex: "none",
  },
  part: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    minHeight: "24px",
    padding: "0 10px",
    fontSize: "12px",
    lineHeight: "16px",
    color: role("text2"),
    cursor: "pointer",
    whiteSpace: "nowrap",
    ":not(:first-child)": { borderLeft: `1px solid ${role("strokeStrong")}` },
    ":hover": { background: role("hover") },
    ":focus-within": { outline: `2px solid ${role("link")}`, outlineOffset: "-2px" },
  },
  on: {
    background: role("selected"),
    color: role("text1"),
    fontWeight: 600,
    boxShadow: `inset 0 -2px 0 ${role("link")}`,
    "@media (forced-colors: active)": {
      forcedColorAdjust: "none",
      background: "Highlight",
      color: "HighlightText",
    },
  },
  off: { color: role("text3"), cursor: "not-allowed", opacity: 0.7 },
  input: { position: "absolute", inset: 0, margin: 0, opacity: 0, cursor: "pointer" },
});

export interface Segment<T extends string> {
  value: T;
  label: string;
  hint?: string;
  disabled?: boolean;
}

/** A choice among a few words, all of them in sight: radio buttons in the shape of one control. */
export function Segments<T extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: T;
  choices: readonly Segment<T>[];
  onChange: (value: T) => void;
}) {
  const styles = useStyles();
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.box}>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className={mergeClasses(
            styles.part,
            choice.value === value && styles.on,
            choice.disabled === true && styles.off,
          )}
          title={choice.hint}
        >
          <input
            type="radio"
            className={styles.input}
            name={name}
            checked={choice.value === value}
            disabled={choice.disabled === true}
            onChange={() => {
              onChange(choice.value);
            }}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}
