// Ticked rows and the order of columns: what a click or key makes of them.
import type { Item, SortKey } from "./types";

export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** All rows between two, added to what is ticked; notes between them are not ticked. */
export function range<R>(
  items: readonly Item<R>[],
  selected: ReadonlySet<string>,
  from: string,
  to: string,
): ReadonlySet<string> {
  const ends = [from, to].map((id) => items.findIndex((item) => item.id === id));
  const [first = -1, last = -1] = ends.sort((a, b) => a - b);
  if (first < 0) return toggled(selected, to);
  const next = new Set(selected);
  for (const item of items.slice(first, last + 1)) {
    if (item.kind === "row") next.add(item.id);
  }
  return next;
}

/** A click sorts by one column, a second one turns it; with `add` the column joins the others. */
export function nextSort(sort: readonly SortKey[], id: string, add: boolean): readonly SortKey[] {
  const known = sort.find((key) => key.id === id);
  const key = { id, descending: known ? !known.descending : false };
  if (!add) return [key];
  return known ? sort.map((other) => (other.id === id ? key : other)) : [...sort, key];
}
