// Which columns are shown, as the address has them.
import { firstColumns } from "./columns";

/** Ids of the columns that the address names. */
export function layoutIds(cols: string): string[] {
  return cols.split(",").map((part) => part.split(":")[0] ?? "");
}

/** The columns chosen, in the order and widths that they have already; new ones at the end. */
export function chosenColumns(cols: string, ids: readonly string[]): string {
  const before = (cols === "" ? firstColumns.join(",") : cols).split(",");
  const kept = before.filter((part) => ids.includes(part.split(":")[0] ?? ""));
  const added = ids.filter((id) => !kept.some((part) => part.split(":")[0] === id));
  return [...kept, ...added].join(",");
}

/** What a file names that a column shows; the sentence is made of four. */
const exported: Readonly<Record<string, readonly string[]>> = {
  flag: ["Flag"],
  time: ["Timestamp"],
  kind: ["Group"],
  event: ["ActionType", "Actor", "Title", "Detail"],
  account: ["Account"],
  info: ["Techniques"],
  action: ["ActionType"],
  process: ["Actor"],
  object: ["Title"],
  detail: ["Detail"],
  source: ["Source"],
};

/** Columns of a file that hold what the columns shown do, in their order, each once. */
export function exportColumns(ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => exported[id] ?? []))];
}
