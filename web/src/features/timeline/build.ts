// Lines of the timeline's grid: events, and between them what says why time is empty.
import type { TimelineOverview, TimelineRow } from "@/api/gen/api";
import { dayKey, moved, ticksBetween, ticksPerSecond, type Zone } from "@/lib/time";
import { rowKey } from "./state";
import { subjectOf } from "./trail";

export type Coverage = TimelineOverview["coverage"][number];

export interface EventLine {
  kind: "event";
  id: string;
  row: TimelineRow;
  /** Instant of the event line above, for what is dimmed; null where a day begins */
  before: string | null;
  /** Rows folded into this one, itself among them; empty where it stands for itself */
  folded: readonly TimelineRow[];
  /** Left out by the filters, and shown in place on demand */
  asked: boolean;
}

export type NoteLine = { id: string } & (
  | { kind: "day"; time: string }
  | { kind: "filtered"; from: string; to: string; hidden: number; open: boolean }
  | { kind: "silent" | "lost" | "cleared"; time: string; ticks: number; segment: Coverage }
  | { kind: "quiet"; time: string; ticks: number; known: "sensor" | "logs" | "none" }
  /** Where the range ends; `beyond`: more is stored past it, as far as `time` */
  | { kind: "end"; side: "oldest" | "newest"; time: string; beyond: boolean }
);

export type Line = EventLine | NoteLine;

export interface BuildOptions {
  zone: Zone;
  /** Rows come oldest first */
  ascending: boolean;
  /** The range in force, and its length (100 ns) */
  from: string;
  to: string;
  range: number;
  coverage: readonly Coverage[];
  fold: boolean;
  /** Ids of folds that were opened */
  opened: ReadonlySet<string>;
  /** Rows that filters left out and that were asked for, by the id of their gap */
  shown: ReadonlyMap<string, readonly TimelineRow[]>;
  /** Id of the selected row: never folded away */
  selected: string | null;
  /** Oldest and newest instant stored, where the rows reach that end of the range; null where they do not */
  ends: { oldest: string | null; newest: string | null };
}

/** Hidden rows are told of in a gap longer than this (100 ns) */
const filteredGap = 60 * ticksPerSecond;
/** Least length of a quiet gap (100 ns), and its least share of the range */
const quietGap = 15 * 60 * ticksPerSecond;
const quietShare = 0.02;
/** Rows of one process and action within so long (100 ns) are folded from so many on */
const foldWithin = 10 * ticksPerSecond;
const foldFrom = 8;

const lostKinds = new Set(["lost", "degraded", "damaged"]);

const clearedTypes = new Set(["EventLogCleared", "SecurityLogCleared"]);

/** Whether a row tells itself that a log was cleared. */
export function isCleared(row: Pick<TimelineRow, "ActionType" | "is_technique">): boolean {
  return clearedTypes.has(row.ActionType) && !row.is_technique;
}

function folds(row: TimelineRow, options: BuildOptions): boolean {
  return (
    !row.is_technique &&
    !isCleared(row) &&
    row.Techniques.length === 0 &&
    row.alerts.length === 0 &&
    row.flag === "" &&
    !row.has_note &&
    subjectOf(row) !== null &&
    rowKey(row) !== options.selected
  );
}

/** Runs of rows that read as one: same process, same action, close together. */
function groupRows(rows: readonly TimelineRow[], options: BuildOptions): TimelineRow[][] {
  if (!options.fold) return rows.map((row) => [row]);
  const groups: TimelineRow[][] = [];
  let run: TimelineRow[] = [];
  const flush = () => {
    if (run.length >= foldFrom) groups.push(run);
    else groups.push(...run.map((row) => [row]));
    run = [];
  };
  for (const row of rows) {
    const [first] = run;
    const joins =
      first !== undefined &&
      folds(row, options) &&
      row.ActionType === first.ActionType &&
      row.InitiatingProcessKey === first.InitiatingProcessKey &&
      Math.abs(ticksBetween(first.Timestamp, row.Timestamp)) <= foldWithin &&
      (row.hidden_before ?? 0) === 0;
    if (!joins) flush();
    if (folds(row, options)) run.push(row);
    else groups.push([row]);
  }
  flush();
  return groups;
}

/** What coverage says of the time between two rows. */
function gapNotes(
  from: string,
  to: string,
  options: BuildOptions,
  told: ReadonlySet<string>,
): NoteLine[] {
  const out: NoteLine[] = [];
  for (const segment of options.coverage) {
    const isLost = lostKinds.has(segment.kind);
    if (!isLost && segment.kind !== "silent" && segment.kind !== "cleared") continue;
    // A segment is told of once: in the gap in which it begins.
    if (segment.from < from || segment.from >= to) continue;
    if (segment.kind === "cleared" && told.has(segment.from)) continue;
    const ticks = segment.to === null ? 0 : ticksBetween(segment.from, segment.to);
    const kind = isLost ? "lost" : segment.kind === "silent" ? "silent" : "cleared";
    out.push({
      kind,
      id: `${kind}~${segment.from}~${segment.source}`,
      time: segment.from,
      ticks,
      segment,
    });
  }
  return out;
}

function presence(from: string, to: string, coverage: readonly Coverage[]) {
  const holds = (segment: Coverage) =>
    segment.from <= from && (segment.to === null || segment.to >= to);
  if (
    coverage.some((segment) => segment.kind === "present" && segment.to !== null && holds(segment))
  ) {
    return "sensor";
  }
  return coverage.some((segment) => segment.kind === "logs" && holds(segment)) ? "logs" : "none";
}

/** Rows as lines, in the order that they come in. */
export function buildLines(rows: readonly TimelineRow[], options: BuildOptions): Line[] {
  const lines: Line[] = [];
  // A row that tells that a log was cleared says it once; the note is for where it is left out.
  const told = new Set(rows.filter(isCleared).map((row) => row.Timestamp));
  let above: TimelineRow | null = null;
  const event = (row: TimelineRow, folded: readonly TimelineRow[] = [], asked = false) => {
    const newDay =
      above === null ||
      dayKey(above.Timestamp, options.zone) !== dayKey(row.Timestamp, options.zone);
    if (newDay && !row.is_technique) {
      const day = dayKey(row.Timestamp, options.zone);
      lines.push({ kind: "day", id: `day~${day}~${row.EventId}`, time: row.Timestamp });
    }
    lines.push({
      kind: "event",
      id: rowKey(row),
      row,
      before: newDay ? null : (above?.Timestamp ?? null),
      folded,
      asked,
    });
    above = folded.at(-1) ?? row;
  };
  const gap = (first: TimelineRow, row: TimelineRow) => {
    const [from, to] = options.ascending
      ? [first.Timestamp, row.Timestamp]
      : [row.Timestamp, first.Timestamp];
    const ticks = ticksBetween(from, to);
    const notes = gapNotes(from, to, options, told);
    if (!options.ascending) notes.reverse();
    lines.push(...notes);
    const hidden = row.hidden_before ?? 0;
    const id = `gap~${from}~${to}`;
    if (hidden > 0 && ticks > filteredGap) {
      const asked = options.shown.get(id);
      lines.push({ kind: "filtered", id, from, to, hidden, open: asked !== undefined });
      asked?.forEach((each) => {
        event(each, [], true);
      });
    } else if (notes.length === 0 && ticks > quietGap && ticks > options.range * quietShare) {
      const known = presence(moved(from, 1n), to, options.coverage);
      lines.push({ kind: "quiet", id, time: from, ticks, known });
    }
  };
  let last: TimelineRow | null = null;
  for (const group of groupRows(rows, options)) {
    const [row] = group;
    if (!row) continue;
    if (last) gap(last, row);
    if (group.length > 1 && !options.opened.has(rowKey(row))) event(row, group);
    else
      group.forEach((each) => {
        event(each);
      });
    last = group.at(-1) ?? row;
  }
  const [top, bottom] = options.ascending
    ? (["oldest", "newest"] as const)
    : (["newest", "oldest"] as const);
  return [...endNote(top, rows.at(0), options), ...lines, ...endNote(bottom, rows.at(-1), options)];
}

/** Says that there is no more, or that there is more outside the range. */
function endNote(
  side: "oldest" | "newest",
  row: TimelineRow | undefined,
  options: BuildOptions,
): NoteLine[] {
  const time = options.ends[side];
  if (time === null || row === undefined) return [];
  const beyond = side === "oldest" ? time < options.from : time >= options.to;
  return beyond || side === "oldest"
    ? [{ kind: "end", id: `end~${side}`, side, time, beyond }]
    : [];
}
