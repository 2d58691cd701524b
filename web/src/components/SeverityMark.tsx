import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { role } from "@/app/theme";

export type Severity = "high" | "medium" | "low" | "informational";

const words: Record<Severity, string> = {
  high: "High",
  medium: "Medium",
  low: "Low",
  informational: "Informational",
};

const useStyles = makeStyles({
  mark: {
    display: "inline-flex",
    alignItems: "center",
    gap: "5px",
    fontWeight: 600,
    whiteSpace: "nowrap",
    "& svg": { width: "12px", height: "12px", flexShrink: 0 },
  },
  high: { color: role("severityHigh"), "& svg": { fill: role("severityHighMark") } },
  medium: { color: role("severityMedium"), "& svg": { fill: role("severityMediumMark") } },
  low: { color: role("severityLow"), "& svg": { fill: role("severityLowMark") } },
  informational: {
    color: role("severityInformational"),
    "& svg": {
      fill: "none",
      stroke: role("severityInformationalMark"),
      strokeWidth: "1.6px",
    },
  },
  forced: { "@media (forced-colors: active)": { "& svg": { fill: "CanvasText" } } },
});

/** The shape of a severity, which tells it without its colour. Takes the colour of what it stands in where `plain`. */
export function SeverityShape({ severity, plain }: { severity: Severity; plain?: boolean }) {
  const paint =
    plain !== true
      ? {}
      : severity === "informational"
        ? { fill: "none", stroke: "currentColor", strokeWidth: 1.6 }
        : { fill: "currentColor" };
  return (
    <svg viewBox="0 0 12 12" width={12} height={12} aria-hidden focusable="false" {...paint}>
      {severity === "high" && <path d="M6 1 11.5 11H.5z" />}
      {severity === "medium" && <path d="M6 .5 11.5 6 6 11.5.5 6z" />}
      {severity === "low" && <circle cx="6" cy="6" r="4.5" />}
      {severity === "informational" && <circle cx="6" cy="6" r="4.2" />}
    </svg>
  );
}

export interface SeverityMarkProps {
  severity: Severity;
  /** In place of the word of the severity; with a count: `3` */
  children?: string | number;
}

/** A severity as shape, word and colour. */
export function SeverityMark({ severity, children }: SeverityMarkProps) {
  const styles = useStyles();
  return (
    <span
      className={mergeClasses(
        styles.mark,
        styles[severity],
        severity !== "informational" && styles.forced,
      )}
    >
      <SeverityShape severity={severity} />
      {children === undefined ? (
        words[severity]
      ) : (
        <>
          <span className="visuallyHidden">{words[severity]}: </span>
          {children}
        </>
      )}
    </span>
  );
}
