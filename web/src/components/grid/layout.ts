// Which columns a grid shows: as text for links, and the changes that a person makes.
import type { Column, ColumnPlace, Layout } from "./types";

/** Least width that a column can be drawn to (px) */
export const leastWidth = 40;
const mostWidth = 2000;

/** The layout where nothing was chosen: the columns named, or all. */
export function defaultLayout<R>(columns: readonly Column<R>[], shown?: readonly string[]): Layout {
  return columns
    .filter((column) => !shown || shown.includes(column.id))
    .map(({ id, width }) => ({ id, width }));
}

/** `time:98,event,account:86`: a width is written where it is not the column's own. */
export function formatLayout<R>(layout: Layout, columns: readonly Column<R>[]): string {
  const own = new Map(columns.map((column) => [column.id, column.width]));
  return layout
    .map(({ id, width }) => (own.get(id) === width ? id : `${id}:${String(width)}`))
    .join(",");
}

/** Reads what formatLayout writes; unknown columns are left out, null where nothing is left. */
export function parseLayout<R>(text: string, columns: readonly Column<R>[]): Layout | null {
  const known = new Map(columns.map((column) => [column.id, column]));
  const layout: ColumnPlace[] = [];
  for (const part of text.split(",")) {
    const [id = "", width] = part.split(":");
    const column = known.get(id);
    if (!column || layout.some((place) => place.id === id)) continue;
    const asked = Number(width);
    layout.push({
      id,
      width: width === undefined ? column.width : clampWidth(asked, column.width),
    });
  }
  return layout.length > 0 ? layout : null;
}

function clampWidth(width: number, fallback: number): number {
  if (!Number.isFinite(width)) return fallback;
  return Math.round(Math.min(mostWidth, Math.max(leastWidth, width)));
}

export function resized(layout: Layout, id: string, width: number): Layout {
  return layout.map((place) =>
    place.id === id ? { id, width: clampWidth(width, place.width) } : place,
  );
}

/** Moves a column by `by` places; columns in `fixed` keep theirs. */
export function moved(layout: Layout, id: string, by: number, fixed: ReadonlySet<string>): Layout {
  const from = layout.findIndex((place) => place.id === id);
  const to = from + by;
  const neighbour = layout[to];
  const place = layout[from];
  if (!place || !neighbour || fixed.has(id) || fixed.has(neighbour.id)) return layout;
  const next = layout.filter((other) => other.id !== id);
  next.splice(to, 0, place);
  return next;
}

/** `grid-template-columns` of a layout. */
export function template<R>(layout: Layout, columns: ReadonlyMap<string, Column<R>>): string {
  return layout
    .map(({ id, width }) =>
      columns.get(id)?.flex ? `minmax(${String(width)}px, 1fr)` : `${String(width)}px`,
    )
    .join(" ");
}

/** A layout as a person's settings keep it. */
export function shownColumns(layout: Layout): { name: string; width: number }[] {
  return layout.map(({ id, width }) => ({ name: id, width }));
}

/** Reads what shownColumns writes, with the rules of parseLayout. */
export function layoutOf<R>(
  shown: readonly { name: string; width?: number }[] | undefined,
  columns: readonly Column<R>[],
): Layout | null {
  const text = (shown ?? []).map(({ name, width }) =>
    width === undefined ? name : `${name}:${String(width)}`,
  );
  return parseLayout(text.join(","), columns);
}
