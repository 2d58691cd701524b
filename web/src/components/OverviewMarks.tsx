import { makeStyles } from "@fluentui/react-components";
import type { TimelineOverview } from "@/api/gen/api";
import { role, type Role } from "@/app/theme";
import { spoken } from "@/lib/hostile";
import { placeOf, type TimeAxis } from "@/lib/timeAxis";

type Mark = TimelineOverview["marks"][number];

const useStyles = makeStyles({
  lane: { position: "absolute", left: 0, right: 0, top: "7px", height: "13px" },
  mark: {
    position: "absolute",
    top: 0,
    width: "14px",
    height: "13px",
    marginLeft: "-7px",
    padding: 0,
    border: "none",
    background: "none",
    fontSize: "11px",
    lineHeight: "13px",
    cursor: "pointer",
  },
});

const severities: Record<string, readonly [shape: string, role: Role]> = {
  high: ["▲", "severityHighMark"],
  medium: ["◆", "severityMediumMark"],
  low: ["●", "severityLowMark"],
};
const flags: Record<string, Role> = {
  red: "flagRed",
  yellow: "flagYellow",
  green: "flagGreen",
  blue: "flagBlue",
};

function look(mark: Mark): readonly [shape: string, role: Role] {
  if (mark.kind === "flag") return ["⚑", flags[mark.value] ?? "text2"];
  if (mark.kind === "alert") {
    return severities[mark.value.toLowerCase()] ?? ["○", "severityInformationalMark"];
  }
  return ["◇", "technique"];
}

/** Alerts and flags above the bars; those of one place are drawn once. */
export function OverviewMarks({
  marks,
  axis,
  onMark,
}: {
  marks: readonly Mark[];
  axis: TimeAxis;
  onMark?: (mark: Mark) => void;
}) {
  const styles = useStyles();
  const taken = new Map<string, { mark: Mark; place: number; more: number }>();
  for (const mark of marks) {
    const place = placeOf(mark.time, axis);
    if (!(place >= 0 && place <= 1)) continue;
    const cell = `${String(Math.round(place * 160))}-${mark.kind}-${mark.value}`;
    const held = taken.get(cell);
    if (held) held.more += 1;
    else taken.set(cell, { mark, place, more: 0 });
  }
  return (
    <div className={styles.lane}>
      {[...taken.entries()].map(([cell, { mark, place, more }]) => {
        const [shape, colour] = look(mark);
        const said = `${mark.kind} ${spoken(mark.value)} ${spoken(mark.text).slice(0, 120)}${more > 0 ? ` and ${String(more)} more` : ""}`;
        return (
          <button
            key={cell}
            type="button"
            tabIndex={-1}
            className={styles.mark}
            style={{ left: `${(place * 100).toFixed(3)}%`, color: role(colour) }}
            title={said}
            aria-label={said}
            onClick={() => {
              onMark?.(mark);
            }}
          >
            {shape}
          </button>
        );
      })}
    </div>
  );
}
