// The trail of a process: everything that it came from and led to, told from the ancestry that rows carry.
import type { TimelineRow } from "@/api/gen/api";

export type TrailMark = "self" | "act" | "ancestor" | "descendant" | "pass" | "none";

type Placed = Pick<TimelineRow, "ActionType" | "ProcessKey" | "InitiatingProcessKey" | "Ancestors">;

const known = (key: string) => key !== "" && key !== "0";

/** Acts that a process's own life is made of; of any other act it is what something was done to. */
const lives: ReadonlySet<string> = new Set(["ProcessCreated", "ProcessTerminated"]);

/** Whether a row tells of the process that is its object, and not of the one that acted. */
export function isOfObject(
  row: Pick<Placed, "ActionType" | "ProcessKey" | "InitiatingProcessKey">,
): boolean {
  return known(row.ProcessKey) && (lives.has(row.ActionType) || !known(row.InitiatingProcessKey));
}

/** The process that a row tells of: the one that it begins or ends, else the one that acted; null for none. */
export function subjectOf(row: Placed): string | null {
  if (isOfObject(row)) return row.ProcessKey;
  return known(row.InitiatingProcessKey) ? row.InitiatingProcessKey : null;
}

/** Processes above the subject, nearest first. */
export function aboveOf(row: Placed): string[] {
  const subject = subjectOf(row);
  const chain = [row.InitiatingProcessKey, ...row.Ancestors].filter(known);
  return chain.filter((key) => key !== subject);
}

export interface Trail {
  process: string;
  above: ReadonlySet<string>;
}

export function trailOf(row: Placed): Trail | null {
  const process = subjectOf(row);
  return process === null ? null : { process, above: new Set(aboveOf(row)) };
}

function markOf(row: Placed, trail: Trail): TrailMark {
  const subject = subjectOf(row);
  if (subject === null) return "none";
  if (subject === trail.process) return "act";
  if (trail.above.has(subject)) return "ancestor";
  return aboveOf(row).includes(trail.process) ? "descendant" : "none";
}

/** A mark a row; rows between the first and the last of the trail are passed by. */
export function trailMarks(
  rows: readonly Placed[],
  trail: Trail | null,
  selected: number,
): TrailMark[] {
  if (!trail) return rows.map(() => "none");
  const marks = rows.map((row, index) => (index === selected ? "self" : markOf(row, trail)));
  const first = marks.findIndex((mark) => mark !== "none");
  const last = marks.findLastIndex((mark) => mark !== "none");
  return marks.map((mark, index) =>
    mark === "none" && index > first && index < last ? "pass" : mark,
  );
}
