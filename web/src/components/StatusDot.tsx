import { makeStyles, mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { role } from "@/app/theme";

/** `none` is hollow: nothing is known, or nothing has begun. */
export type Status = "good" | "bad" | "warning" | "running" | "quiet" | "none";

const useStyles = makeStyles({
  status: { display: "inline-flex", alignItems: "center", gap: "6px", minWidth: 0 },
  dot: {
    width: "8px",
    height: "8px",
    borderRadius: "50%",
    flexShrink: 0,
    boxSizing: "border-box",
    forcedColorAdjust: "none",
  },
  text: { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  good: { background: role("goodMark") },
  bad: { background: role("severityHighMark") },
  warning: { background: role("severityMediumMark") },
  running: { background: role("brandFill") },
  quiet: { background: role("severityInformationalMark") },
  none: { border: `1.5px solid ${role("severityInformationalMark")}` },
});

/** A state as a dot and its words; the words carry it, the dot lets the eye find it. */
export function StatusDot({ status, children }: { status: Status; children: ReactNode }) {
  const styles = useStyles();
  return (
    <span className={styles.status}>
      <span className={mergeClasses(styles.dot, styles[status])} aria-hidden />
      <span className={styles.text}>{children}</span>
    </span>
  );
}
