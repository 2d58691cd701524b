// Single keys of the timeline's rows.
import type { KeyboardEvent } from "react";
import type { TimelineRow } from "@/api/gen/api";
import type { EventLine } from "./build";
import { flagColours, type FlagColour } from "./columns";

export interface KeyActs {
  close: () => boolean;
  filter: () => void;
  jump: () => void;
  help: () => void;
  order: () => void;
  collapse: () => void;
  selectAll: () => void;
  copyTable: () => boolean;
  /** Goes to the next or previous row for which the test holds */
  seek: (by: 1 | -1, test: (row: TimelineRow) => boolean) => void;
  flag: (row: TimelineRow, colour: FlagColour | null | "toggle") => void;
  note: (row: TimelineRow) => void;
  trail: (row: TimelineRow) => void;
  like: (row: TimelineRow, columnId: string | null, act: "only" | "exclude") => void;
  tree: (row: TimelineRow) => void;
  copyCell: (row: TimelineRow, columnId: string | null) => void;
  copyRow: (row: TimelineRow) => void;
  copyJson: (row: TimelineRow) => void;
  copyLink: (row: TimelineRow) => void;
  compare: (row: TimelineRow) => void;
  menu: (row: TimelineRow, columnId: string | null) => void;
}

const hasAlert = (row: TimelineRow) => row.alerts.length > 0;
const hasTechnique = (row: TimelineRow) => row.is_technique || row.Techniques.length > 0;
const hasFlag = (row: TimelineRow) => row.flag !== "";

/** Does what a key means; true where it means something. */
export function pressed(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
  row: TimelineRow | null,
  columnId: string | null,
  singleKeys: boolean,
  acts: KeyActs,
): boolean {
  const { key } = event;
  const control = event.ctrlKey || event.metaKey;
  if (key === "Escape") return acts.close();
  if (control && !event.altKey && !event.shiftKey) {
    if (key.toLowerCase() === "a") {
      acts.selectAll();
      return true;
    }
    return key.toLowerCase() === "c" ? acts.copyTable() : false;
  }
  if (control || event.altKey || !singleKeys) return false;
  const anywhere: Record<string, () => void> = {
    "/": acts.filter,
    g: acts.jump,
    "?": acts.help,
    s: acts.order,
    H: acts.collapse,
    "[": () => {
      acts.seek(-1, hasAlert);
    },
    "]": () => {
      acts.seek(1, hasAlert);
    },
    "{": () => {
      acts.seek(-1, hasTechnique);
    },
    "}": () => {
      acts.seek(1, hasTechnique);
    },
    ";": () => {
      acts.seek(-1, hasFlag);
    },
    "'": () => {
      acts.seek(1, hasFlag);
    },
  };
  const act = anywhere[key] ?? (row ? onRow(key, row, columnId, acts) : null);
  if (!act) return false;
  act();
  return true;
}

function onRow(
  key: string,
  row: TimelineRow,
  columnId: string | null,
  acts: KeyActs,
): (() => void) | null {
  const colour = /^[1-4]$/.test(key) ? flagColours[Number(key) - 1] : undefined;
  if (colour) {
    return () => {
      acts.flag(row, colour);
    };
  }
  const table: Record<string, () => void> = {
    f: () => {
      acts.flag(row, "toggle");
    },
    "0": () => {
      acts.flag(row, null);
    },
    F: () => {
      acts.note(row);
    },
    t: () => {
      acts.trail(row);
    },
    e: () => {
      acts.like(row, columnId, "exclude");
    },
    i: () => {
      acts.like(row, columnId, "only");
    },
    p: () => {
      acts.tree(row);
    },
    c: () => {
      acts.copyCell(row, columnId);
    },
    C: () => {
      acts.copyRow(row);
    },
    "=": () => {
      acts.compare(row);
    },
    ".": () => {
      acts.menu(row, columnId);
    },
  };
  return table[key] ?? null;
}

/** The line for which the test holds, from a line on in a direction; null for none. */
export function sought(
  lines: readonly EventLine[],
  activeId: string | null,
  by: 1 | -1,
  test: (row: TimelineRow) => boolean,
): EventLine | null {
  const at = lines.findIndex((line) => line.id === activeId);
  const start = at < 0 && by < 0 ? lines.length : at;
  for (let index = start + by; index >= 0 && index < lines.length; index += by) {
    const line = lines[index];
    if (line && test(line.row)) return line;
  }
  return null;
}
