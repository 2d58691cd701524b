// How long processes lived, and what they did meanwhile, from the rows that tell of it.
import type { ProcessNode, TimelineRow } from "@/api/gen/api";
import { groupOf } from "@/lib/sentence";
import { msOf } from "@/lib/time";
import type { Role } from "@/app/theme";

export type ActKind = "network" | "file" | "registry" | "script" | "memory";

export const actKinds: readonly { kind: ActKind; label: string; colour: Role }[] = [
  { kind: "file", label: "File", colour: "kindFile" },
  { kind: "network", label: "Network", colour: "kindNetwork" },
  { kind: "registry", label: "Registry", colour: "kindRegistry" },
  { kind: "script", label: "Module, script", colour: "kindLogon" },
  { kind: "memory", label: "Other processes", colour: "kindProcess" },
];

export interface Act {
  at: number;
  kind: ActKind;
}

export interface Life {
  /** Milliseconds since 1970; null: not known */
  start: number | null;
  end: number | null;
  /** What the end is: an exit that was recorded, or the last that is known of the process */
  ending: "exit" | "act" | "none";
  acts: readonly Act[];
  techniques: readonly string[];
}

/** What rows tell of one process. */
export interface Told {
  acts: Act[];
  exit: number | null;
  last: number | null;
  techniques: Set<string>;
}

/** Which list an act belongs to; null for what is no act (starts and ends stand in the tree itself). */
export function actKind(row: Pick<TimelineRow, "ActionType" | "Group">): ActKind | null {
  if (row.ActionType === "ProcessCreated" || row.ActionType === "ProcessTerminated") return null;
  const { kind } = groupOf(row);
  if (kind === "network" || kind === "file" || kind === "registry") return kind;
  return kind === "process" ? "memory" : "script";
}

/** Gathers rows by the process that acted, or began, or ended. */
export function gather(rows: readonly TimelineRow[]): Map<string, Told> {
  const out = new Map<string, Told>();
  const of = (key: string): Told => {
    const told = out.get(key) ?? { acts: [], exit: null, last: null, techniques: new Set() };
    out.set(key, told);
    return told;
  };
  for (const row of rows) {
    const at = msOf(row.Timestamp);
    if (row.ActionType === "ProcessTerminated") {
      const told = of(row.ProcessKey === "0" ? row.InitiatingProcessKey : row.ProcessKey);
      told.exit = at;
      continue;
    }
    const isStart = row.ActionType === "ProcessCreated";
    const subject = of(isStart ? row.ProcessKey : row.InitiatingProcessKey);
    row.Techniques.forEach((technique) => subject.techniques.add(technique));
    if (row.is_technique) continue;
    const actor = of(row.InitiatingProcessKey);
    actor.last = Math.max(actor.last ?? at, at);
    const kind = actKind(row);
    if (kind) actor.acts.push({ at, kind });
  }
  out.delete("0");
  out.delete("");
  return out;
}

export function lifeOf(node: ProcessNode, told: Told | undefined): Life {
  const start = node.ProcessCreationTime === null ? null : msOf(node.ProcessCreationTime);
  const exit = told?.exit ?? null;
  const last = told?.last ?? null;
  return {
    start,
    end: exit ?? (last !== null && (start === null || last > start) ? last : null),
    ending: exit !== null ? "exit" : last !== null ? "act" : "none",
    acts: told?.acts ?? [],
    techniques: told ? [...told.techniques].sort() : [],
  };
}

/** Acts of one kind closer together than this share of the axis (per cent) are one dot. */
const dotWidth = 0.8;

export interface Dot {
  place: number;
  kind: ActKind;
  count: number;
}

/** Dots of a bar: acts on the axis, those that would cover each other as one. */
export function dotsOf(acts: readonly Act[], place: (at: number) => number): Dot[] {
  const dots = new Map<string, Dot>();
  for (const { at, kind } of acts) {
    const where = place(at);
    if (where < 0 || where > 100) continue;
    const key = `${kind}-${String(Math.floor(where / dotWidth))}`;
    const dot = dots.get(key);
    if (dot) dot.count += 1;
    else dots.set(key, { place: where, kind, count: 1 });
  }
  return [...dots.values()];
}
