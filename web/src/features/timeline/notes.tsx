// Lines between the events: what is hidden, what was not recorded, where nothing happened.
import { Button, makeStyles } from "@fluentui/react-components";
import { FilterRegular, PulseRegular } from "@fluentui/react-icons";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { Value } from "@/components/Value";
import { spoken } from "@/lib/hostile";
import { clockText, dayText, durationText, instantText, ticksBetween, type Zone } from "@/lib/time";
import { countText } from "@/lib/amounts";
import type { NoteLine } from "./build";

const hatch = (colour: string, back: string) =>
  `repeating-linear-gradient(135deg, ${colour} 0 6px, ${back} 6px 12px)`;

const useStyles = makeStyles({
  line: {
    display: "flex",
    alignItems: "center",
    gap: "10px",
    fontSize: "12px",
    whiteSpace: "nowrap",
  },
  lead: { minWidth: "92px", color: role("text3") },
  day: { fontWeight: 600, color: role("text2"), fontSize: "12px" },
  warn: { color: role("severityMedium"), fontWeight: 600 },
  bad: { color: role("severityHigh"), fontWeight: 600 },
  show: { minWidth: 0, padding: "0 4px", height: "22px", color: role("link") },
});

export const useNoteClasses = makeStyles({
  silent: { backgroundImage: hatch(role("sunken"), role("surface")) },
  lost: { backgroundImage: hatch(role("severityMediumSoft"), role("surface")) },
  cleared: { boxShadow: `inset 0 2px 0 ${role("severityHighMark")}`, background: role("surface") },
  quiet: { background: role("surface") },
  day: { background: role("sunken") },
  filtered: {},
  end: { background: role("surface") },
});

const count = (value: number) => countText(value);

/** What a line between events says, for the eye without its controls and for a screen reader. */
export function noteText(note: NoteLine, zone: Zone, filters: number): string {
  switch (note.kind) {
    case "day":
      return dayText(note.time, zone);
    case "filtered": {
      const events =
        note.hidden === 1 ? "1 event here is" : `${count(note.hidden)} events here are`;
      const by = filters === 1 ? "1 filter" : `${String(filters)} filters`;
      return `${events} hidden by ${by}.`;
    }
    case "silent":
      return `${note.ticks > 0 ? durationText(note.ticks) : "From here on"} without the sensor. Nothing was recorded.`;
    case "lost": {
      const lost =
        note.segment.lost === null ? "" : `, ${count(note.segment.lost)} lost by its own count`;
      const what =
        note.segment.kind === "damaged" ? "A damaged source" : "Events were not recorded";
      return `${what}${note.ticks > 0 ? ` for ${durationText(note.ticks)}` : ""}${lost}.`;
    }
    case "cleared":
      return "A log was cleared. Older records are gone from the device.";
    case "quiet":
      return `${durationText(note.ticks)} without events. ${
        {
          sensor: "The sensor was present.",
          logs: "The imported logs cover this time.",
          none: "Whether anything was recorded is not known.",
        }[note.known]
      }`;
    case "end":
      if (!note.beyond) return `Start of stored events: ${instantText(note.time, zone, "s")}.`;
      return note.side === "oldest"
        ? `Start of the range. Older events are stored, from ${instantText(note.time, zone, "s")} on.`
        : `End of the range. Newer events are stored, up to ${instantText(note.time, zone, "s")}.`;
  }
}

export function noteName(note: NoteLine, zone: Zone, filters: number): string {
  const detail = "segment" in note ? ` ${spoken(note.segment.detail)}` : "";
  return `${noteText(note, zone, filters)}${detail}`;
}

export function Note({
  note,
  filters,
  onShow,
  onAll,
}: {
  note: NoteLine;
  filters: number;
  onShow: (note: NoteLine & { kind: "filtered" }) => void;
  /** Widens the range to all that is stored */
  onAll: () => void;
}) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const words = noteText(note, zone, filters);
  if (note.kind === "day") return <span className={styles.day}>{words}</span>;
  if (note.kind === "end") {
    return (
      <span className={styles.line}>
        {words}
        {note.beyond && (
          <Button
            className={styles.show}
            appearance="transparent"
            size="small"
            tabIndex={-1}
            onClick={(event) => {
              event.stopPropagation();
              onAll();
            }}
          >
            Show all stored
          </Button>
        )}
      </span>
    );
  }
  if (note.kind === "filtered") {
    return (
      <span className={styles.line}>
        <span className={styles.lead}>{durationText(ticksBetween(note.from, note.to))}</span>
        <FilterRegular fontSize={14} aria-hidden />
        {words}
        <Button
          className={styles.show}
          appearance="transparent"
          size="small"
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation();
            onShow(note);
          }}
        >
          {note.open ? "Hide them again" : "Show them"}
        </Button>
      </span>
    );
  }
  if (note.kind === "quiet") return <span className={styles.line}>{words}</span>;
  const tone =
    note.kind === "lost" ? styles.warn : note.kind === "cleared" ? styles.bad : undefined;
  return (
    <span className={styles.line}>
      <span className={styles.lead}>{clockText(note.time, zone, "s")}</span>
      <PulseRegular fontSize={14} aria-hidden />
      <span className={tone}>{words}</span>
      {note.segment.detail !== "" && <Value text={note.segment.detail} cut="end" />}
    </span>
  );
}
