import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { role } from "@/app/theme";
import { SeverityShape, type Severity } from "./SeverityMark";

/** `system`: set by Spoor, not by people. Severities bring their shape with them. */
export type TagTone = "neutral" | "system" | "brand" | "good" | "technique" | Severity;

const useStyles = makeStyles({
  tag: {
    display: "inline-flex",
    alignItems: "center",
    gap: "4px",
    height: "20px",
    maxWidth: "100%",
    padding: "0 7px",
    boxSizing: "border-box",
    borderRadius: "3px",
    border: "1px solid transparent",
    fontSize: "12px",
    lineHeight: "18px",
    whiteSpace: "nowrap",
    "& svg": { flexShrink: 0, width: "10px", height: "10px" },
  },
  text: { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis" },
  neutral: {
    color: role("text2"),
    background: role("surface"),
    border: `1px solid ${role("strokeStrong")}`,
  },
  system: {
    color: role("text2"),
    background: role("surface"),
    border: `1px dashed ${role("strokeStrong")}`,
  },
  brand: { color: role("link"), background: role("brandSoft") },
  good: { color: role("good"), background: role("goodSoft") },
  technique: { color: role("technique"), background: role("techniqueSoft") },
  high: { color: role("severityHigh"), background: role("severityHighSoft"), fontWeight: 600 },
  medium: {
    color: role("severityMedium"),
    background: role("severityMediumSoft"),
    fontWeight: 600,
  },
  low: { color: role("severityLow"), background: role("severityLowSoft"), fontWeight: 600 },
  informational: {
    color: role("severityInformational"),
    background: role("severityInformationalSoft"),
    fontWeight: 600,
  },
  remove: {
    display: "grid",
    placeItems: "center",
    // The target is larger than what is seen, as the tag is lower than a target may be.
    position: "relative",
    width: "16px",
    height: "16px",
    marginRight: "-4px",
    padding: 0,
    border: 0,
    borderRadius: "3px",
    background: "transparent",
    color: "inherit",
    cursor: "pointer",
    "::after": { content: '""', position: "absolute", inset: "-4px" },
    ":hover": { background: role("hover") },
    ":focus-visible": { outline: `2px solid ${role("link")}`, outlineOffset: "1px" },
  },
});

const severities: readonly string[] = ["high", "medium", "low", "informational"];

export interface TagProps {
  children: ReactNode;
  tone?: TagTone;
  /** Makes the tag removable; `name` says of what, to a screen reader */
  onRemove?: () => void;
  name?: string;
}

/** A short label in a box. */
export function Tag({ children, tone = "neutral", onRemove, name }: TagProps) {
  const styles = useStyles();
  return (
    <span className={mergeClasses(styles.tag, styles[tone])}>
      {severities.includes(tone) && <SeverityShape severity={tone as Severity} plain />}
      <span className={styles.text}>{children}</span>
      {onRemove && (
        <button
          type="button"
          className={styles.remove}
          aria-label={`Remove ${name ?? (typeof children === "string" ? children : "tag")}`}
          onClick={onRemove}
        >
          <DismissRegular aria-hidden />
        </button>
      )}
    </span>
  );
}
