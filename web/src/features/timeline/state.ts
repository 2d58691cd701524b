// What the timeline shows, as it stands in the address, and what is asked of the server for it.
import type { DeviceOverview, TimelineRow, TimelineSegment } from "@/api/gen/api";
import { moved, ticksBetween, ticksOf } from "@/lib/time";
import { readPeriod } from "@/lib/timeInput";
import { choice, defineUrl, instant, list, text, word, yes } from "@/lib/urlState";

const key = /^[0-9TZ:.-]{10,30}~\d{1,20}(~[\w.]{1,16})?$/;

export const timelineUrl = defineUrl({
  last: word(/^(all|P[0-9A-Z]{1,24})$/),
  from: instant(),
  to: instant(),
  /** from..to inside the range */
  zoom: word(/^[0-9TZ:.-]{10,30}\.\.[0-9TZ:.-]{10,30}$/),
  q: text(),
  /** Groups; with a minus: left out */
  g: list(),
  /** `technique`: alerts and techniques alone */
  type: choice(["all", "technique"], "all"),
  flag: word(/^(any|red|yellow|green|blue)$/),
  sort: choice(["time:asc", "time:desc"], "time:asc"),
  cols: text(1000),
  fold: yes(true),
  /** Top row, for paging */
  at: word(key),
  /** A row's key, or the event's id alone where `at` names its instant */
  sel: word(/^(\d{1,20}|[0-9TZ:.-]{10,30}~\d{1,20}(~[\w.]{1,16})?)$/),
  p: choice(["summary", "tree", "fields", "record"], "summary"),
  cmp: word(/^[^,]{10,70},[^,]{10,70}$/),
});

export type TimelineState = {
  [K in keyof typeof timelineUrl]: (typeof timelineUrl)[K]["fallback"];
};

/** Key of a row: its instant, its event, and for a technique which one. */
export function rowKey(
  row: Pick<TimelineRow, "Timestamp" | "EventId" | "Techniques" | "is_technique">,
) {
  const base = `${row.Timestamp}~${row.EventId}`;
  return row.is_technique ? `${base}~${row.Techniques[0] ?? "technique"}` : base;
}

export interface RowPlace {
  time: string;
  eventId: string;
  technique: string | null;
}

export function readKey(text: string | null): RowPlace | null {
  if (text === null) return null;
  const [time = "", eventId = "", technique = null] = text.split("~");
  return ticksOf(time) === null || eventId === "" ? null : { time, eventId, technique };
}

/** The selected row's key; an id alone takes its instant from `at`. */
export function selectedKey(state: Pick<TimelineState, "sel" | "at">): string | null {
  const { sel, at } = state;
  if (sel === null || sel.includes("~")) return sel;
  return at !== null && at.split("~")[1] === sel ? at : null;
}

export interface Range {
  from: string;
  to: string;
}

export interface ShownRange extends Range {
  /** All of the range, where a part of it is shown */
  whole: Range;
  isZoomed: boolean;
  /** How the range came about: `last`, counted from the newest evidence, or fixed instants */
  last: string | null;
}

/** The period that a timeline opens with. */
export const firstPeriod = "P30D";

/** The tick after an instant, so that a range that ends there holds it. */
const after = (time: string) => moved(time, 1n);

/** The range in force: from the address, counted back from the newest evidence where it is relative. */
export function rangeOf(
  state: Pick<TimelineState, "last" | "from" | "to" | "zoom">,
  evidence: { oldest: string | null; newest: string | null },
): ShownRange | null {
  const newest = evidence.newest;
  let whole: Range;
  let last: string | null = null;
  if (state.from !== null && state.to !== null && ticksBetween(state.from, state.to) > 0) {
    whole = { from: state.from, to: state.to };
  } else {
    if (newest === null) return null;
    last = state.last ?? firstPeriod;
    const to = after(newest);
    const period = last === "all" ? null : (readPeriod(last) ?? readPeriod(firstPeriod));
    whole = {
      from: period === null ? (evidence.oldest ?? to) : moved(to, -period),
      to,
    };
  }
  const [from = "", to = ""] = (state.zoom ?? "").split("..");
  const isZoomed = ticksOf(from) !== null && ticksOf(to) !== null && ticksBetween(from, to) > 0;
  return { ...(isZoomed ? { from, to } : whole), whole, isZoomed, last };
}

/** Oldest and newest evidence, from what the device's first page says. */
export function evidenceOf(overview: DeviceOverview) {
  const first = overview.tables.flatMap((table) => (table.first === null ? [] : [table.first]));
  return {
    oldest: first.length === 0 ? overview.newest_event : first.reduce((a, b) => (a < b ? a : b)),
    newest: overview.newest_event,
  };
}

/** Filters as every operation of the timeline takes them. */
export interface Selection {
  q?: string;
  segment?: TimelineSegment;
  groups?: string[];
  without_groups?: string[];
  flags?: ("red" | "yellow" | "green" | "blue")[];
}

export function selectionOf(state: Pick<TimelineState, "q" | "g" | "type" | "flag">): Selection {
  const groups = state.g.filter((group) => !group.startsWith("-"));
  const without = state.g.filter((group) => group.startsWith("-")).map((group) => group.slice(1));
  return {
    ...(state.q === "" ? {} : { q: state.q }),
    ...(state.flag !== null
      ? { segment: "flagged" as const }
      : state.type === "technique"
        ? { segment: "alerts_and_techniques" as const }
        : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(without.length > 0 ? { without_groups: without } : {}),
    ...(state.flag !== null && state.flag !== "any"
      ? { flags: [state.flag as "red" | "yellow" | "green" | "blue"] }
      : {}),
  };
}

/** Filters in force, the range left out of it. */
export function filterCount(state: Pick<TimelineState, "q" | "g" | "type" | "flag">): number {
  return (
    (state.q === "" ? 0 : 1) +
    state.g.length +
    (state.type === "all" ? 0 : 1) +
    (state.flag === null ? 0 : 1)
  );
}

/** A group made the only one, left out, or added. */
export function withGroup(
  groups: readonly string[],
  group: string,
  act: "only" | "exclude" | "add" | "drop",
): string[] {
  const others = groups.filter((each) => each !== group && each !== `-${group}`);
  if (act === "drop") return others;
  if (act === "exclude") return groups.includes(`-${group}`) ? others : [...others, `-${group}`];
  if (act === "only") {
    return groups.length === 1 && groups[0] === group ? [] : [group];
  }
  return [...others.filter((each) => !each.startsWith("-")), group];
}
