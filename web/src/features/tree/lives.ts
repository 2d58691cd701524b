// How long processes lived, and what they did meanwhile, from the rows that tell of it.
import type { ProcessActs, ProcessNode, TimelineRow } from "@/api/gen/api";
import { groupOf } from "@/lib/sentence";
import { msOf } from "@/lib/time";
import type { Role } from "@/app/theme";
import { countText } from "@/lib/amounts";

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
  /** How much it is known to have done: `3 network, 2 file`; empty for nothing */
  done: string;
}

/** Which list an act belongs to; null for what is no act (starts and ends stand in the tree itself). */
export function actKind(row: Pick<TimelineRow, "ActionType" | "Group">): ActKind | null {
  if (row.ActionType === "ProcessCreated" || row.ActionType === "ProcessTerminated") return null;
  const { kind } = groupOf(row);
  if (kind === "network" || kind === "file" || kind === "registry") return kind;
  return kind === "process" ? "memory" : "script";
}

/** Acts by the process that acted. */
export function gather(rows: readonly TimelineRow[]): Map<string, Act[]> {
  const out = new Map<string, Act[]>();
  for (const row of rows) {
    const kind = actKind(row);
    if (kind === null || row.is_technique) continue;
    const acts = out.get(row.InitiatingProcessKey) ?? [];
    acts.push({ at: msOf(row.Timestamp), kind });
    out.set(row.InitiatingProcessKey, acts);
  }
  return out;
}

export function lifeOf(node: ProcessNode, acts: readonly Act[] = []): Life {
  const time = (text: string | null | undefined) =>
    text === null || text === undefined ? null : msOf(text);
  const start = time(node.ProcessCreationTime);
  const exit = time(node.acts?.ended);
  const last = time(node.acts?.last);
  return {
    start,
    end: exit ?? last,
    ending: exit !== null ? "exit" : last !== null ? "act" : "none",
    acts,
    techniques: node.acts?.techniques ?? [],
    done: node.acts ? doneText(node.acts) : "",
  };
}

function doneText(acts: ProcessActs): string {
  const { process, network, file, registry, other } = acts;
  return Object.entries({ process, network, file, registry, other })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${countText(count)} ${name}`)
    .join(", ");
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
