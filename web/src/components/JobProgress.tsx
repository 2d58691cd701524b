import { makeStyles, mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  block: { display: "flex", flexDirection: "column", gap: "7px", minWidth: 0 },
  bar: { height: "6px", borderRadius: "3px", overflow: "hidden", background: role("strokeStrong") },
  small: { height: "4px", borderRadius: "2px" },
  fill: {
    height: "100%",
    background: role("brandFill"),
    transitionProperty: "width",
    transitionDuration: "200ms",
    transitionTimingFunction: "ease-out",
    "@media (forced-colors: active)": { background: "Highlight" },
  },
  stopped: { background: role("severityInformationalMark") },
  failed: { background: role("severityHighMark") },
  inline: {
    display: "grid",
    gridTemplateColumns: "auto 64px",
    alignItems: "center",
    gap: "6px",
    whiteSpace: "nowrap",
  },
  facts: {
    display: "flex",
    flexWrap: "wrap",
    gap: "2px 18px",
    fontSize: "12px",
    lineHeight: "16px",
    color: role("text3"),
  },
});

export type JobState = "waiting" | "running" | "done" | "failed" | "stopped";

export interface JobProgressProps {
  /** What runs, to a screen reader: `Import of triage.zip` */
  label: string;
  done: number;
  /** 0 where it is not known yet */
  total: number;
  state: JobState;
  /** Beneath the bar, apart from each other */
  facts?: readonly ReactNode[];
  /** One line of a grid: share and a short bar */
  inline?: boolean;
}

/** Whole per cent; 100 only when all is done. */
export function share(done: number, total: number): number {
  if (total <= 0) return 0;
  return done >= total ? 100 : Math.min(99, Math.floor((done / total) * 100));
}

/** How far a job is: a bar that moves when something was done, and never by itself. */
export function JobProgress({
  label,
  done,
  total,
  state,
  facts = [],
  inline = false,
}: JobProgressProps) {
  const styles = useStyles();
  const percent = state === "done" ? 100 : share(done, total);
  const known = total > 0 || state === "done";
  const bar = (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known ? { "aria-valuenow": percent } : { "aria-valuetext": "Not known yet" })}
      className={mergeClasses(styles.bar, inline && styles.small)}
    >
      <div
        className={mergeClasses(
          styles.fill,
          state === "failed" && styles.failed,
          state === "stopped" && styles.stopped,
        )}
        style={{ width: `${String(percent)}%` }}
      />
    </div>
  );
  if (inline) {
    return (
      <span className={styles.inline}>
        <span>{known ? `${String(percent)} %` : "–"}</span>
        {bar}
      </span>
    );
  }
  return (
    <div className={styles.block}>
      {bar}
      {facts.length > 0 && (
        <div className={styles.facts}>
          {facts.map((fact, at) => (
            <span key={at}>{fact}</span>
          ))}
        </div>
      )}
    </div>
  );
}
