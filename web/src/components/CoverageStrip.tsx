// Whether somebody was looking: the strip over a histogram, and the worst of it in words.
import { makeStyles } from "@fluentui/react-components";
import type { TimelineOverview } from "@/api/gen/api";
import { role } from "@/app/theme";
import { spoken } from "@/lib/hostile";
import { clockText, dateText, durationText, ticksBetween, type Zone } from "@/lib/time";
import { placeOf, type TimeAxis } from "@/lib/timeAxis";
import { countText } from "@/lib/amounts";
import { Value } from "./Value";

export type Segment = TimelineOverview["coverage"][number];

const useStyles = makeStyles({
  strip: {
    position: "absolute",
    left: 0,
    right: 0,
    top: 0,
    height: "6px",
    borderRadius: "2px",
    overflow: "hidden",
    background: role("sunken"),
    // Its colours are what it says; the words beside it say the same.
    forcedColorAdjust: "none",
  },
  part: { position: "absolute", top: 0, bottom: 0, minWidth: "2px" },
  present: { background: role("goodMark"), opacity: 0.7 },
  logs: { background: role("kindFile"), opacity: 0.35 },
  silent: {
    background: `repeating-linear-gradient(135deg, ${role("text3")} 0 2px, ${role("surface")} 2px 5px)`,
  },
  lost: { background: role("severityMediumMark") },
  cleared: { background: role("severityHighMark"), width: "2px" },
  words: { display: "flex", gap: "14px", overflow: "hidden", minWidth: 0 },
  label: { color: role("text2") },
  bad: { color: role("severityHigh") },
  warn: { color: role("severityMedium") },
});

type Look = "present" | "logs" | "silent" | "lost" | "cleared";

function lookOf(kind: string): Look {
  if (kind === "present" || kind === "logs" || kind === "silent" || kind === "cleared") return kind;
  return "lost";
}

export function CoverageStrip({
  coverage,
  axis,
}: {
  coverage: readonly Segment[];
  axis: TimeAxis;
}) {
  const styles = useStyles();
  const order: Look[] = ["logs", "present", "silent", "lost", "cleared"];
  const parts = coverage
    .map((segment) => ({ segment, look: lookOf(segment.kind) }))
    .filter(({ segment, look }) => segment.to !== null || look !== "present")
    .sort((a, b) => order.indexOf(a.look) - order.indexOf(b.look));
  return (
    <div className={styles.strip} aria-hidden>
      {parts.map(({ segment, look }, index) => {
        const from = Math.max(0, placeOf(segment.from, axis));
        const to = segment.to === null ? from : Math.min(1, placeOf(segment.to, axis));
        if (from > 1 || to < 0) return null;
        return (
          <span
            key={`${segment.from}-${String(index)}`}
            className={`${styles.part} ${styles[look]}`}
            style={{
              left: `${(from * 100).toFixed(3)}%`,
              ...(look === "cleared" ? {} : { width: `${((to - from) * 100).toFixed(3)}%` }),
            }}
            title={`${spoken(segment.source)}: ${segment.kind} ${spoken(segment.detail)}`}
          />
        );
      })}
    </div>
  );
}

const rank: Record<Look, number> = { lost: 0, cleared: 1, silent: 2, present: 3, logs: 4 };

interface Worst {
  /** The first of them */
  segment: Segment;
  look: Look;
  ticks: number;
  count: number;
}

/** What is wrong, one entry a kind and source, the worst and longest first. */
export function worst(coverage: readonly Segment[]): Worst[] {
  const found = new Map<string, Worst>();
  for (const segment of coverage) {
    const look = lookOf(segment.kind);
    if (rank[look] >= 3) continue;
    const ticks = segment.to === null ? 0 : ticksBetween(segment.from, segment.to);
    const held = found.get(`${segment.kind}~${segment.source}`);
    if (held) {
      held.count += 1;
      held.ticks += ticks;
    } else found.set(`${segment.kind}~${segment.source}`, { segment, look, ticks, count: 1 });
  }
  return [...found.values()].sort((a, b) => rank[a.look] - rank[b.look] || b.ticks - a.ticks);
}

/** The three worst, the longest first; the rest as a number. */
export function CoverageWords({ coverage, zone }: { coverage: readonly Segment[]; zone: Zone }) {
  const styles = useStyles();
  const bad = worst(coverage);
  const logs = new Set(coverage.filter((each) => each.kind === "logs").map((each) => each.source));
  const when = (segment: Segment) =>
    `${dateText(segment.from, zone)} ${clockText(segment.from, zone, "s").slice(0, 5)}`;
  return (
    <span className={styles.words}>
      <span className={styles.label}>Coverage</span>
      {bad.length === 0 && (
        <span>
          {logs.size > 0
            ? `imported logs of ${logs.size === 1 ? "1 channel" : `${String(logs.size)} channels`}`
            : coverage.length === 0
              ? "not known"
              : "no gap is known"}
        </span>
      )}
      {bad.slice(0, 3).map(({ segment, look, ticks, count }, index) => (
        <span
          key={`${segment.from}-${String(index)}`}
          className={look === "silent" ? undefined : look === "lost" ? styles.warn : styles.bad}
        >
          {look === "silent" && `silent ${when(segment)}, ${durationText(ticks)}`}
          {look === "cleared" && `cleared ${when(segment)}: `}
          {look === "lost" &&
            `${segment.kind === "damaged" ? "damaged source" : "records lost"} ${when(segment)}${segment.lost === null ? "" : `, ${countText(segment.lost)} lost`}: `}
          {look !== "silent" && <Value text={segment.source} />}
          {count > 1 && ` ×${String(count)}`}
        </span>
      ))}
      {bad.length > 3 && (
        <span
          title={bad
            .slice(3)
            .map(({ segment }) => `${segment.kind} ${when(segment)}: ${spoken(segment.source)}`)
            .join("\n")}
        >{`+${String(bad.length - 3)}`}</span>
      )}
    </span>
  );
}
