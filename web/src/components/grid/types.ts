// What a grid is given. DataGrid shows a list, TreeGrid an outline; both run on the same virtual rows.
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";

export interface Column<R> {
  /** Stable: stands in links and in what a person keeps */
  id: string;
  header: string;
  /** What the header shows in place of `header` (an icon); `header` stays its name */
  headerFace?: ReactNode;
  /** Pixels; least width where `flex` is set */
  width: number;
  /** Takes what the others leave. One column of a layout at least should */
  flex?: boolean;
  align?: "start" | "end";
  sortable?: boolean;
  /** False for columns of marks, which are not resized or moved */
  fixed?: boolean;
  cell: (row: R) => ReactNode;
}

/** A line of a grid: one of the things listed, or a note between them (a gap, a day, a hint). */
export type Item<R> = RowItem<R> | NoteItem;

export interface RowItem<R> {
  kind: "row";
  /** Unique in the grid, and the same when the page is loaded again */
  id: string;
  row: R;
}

export interface NoteItem {
  kind: "note";
  id: string;
  /** Spans all columns */
  content: ReactNode;
  /** What a screen reader says */
  name: string;
  className?: string;
}

export interface SortKey {
  id: string;
  descending: boolean;
}

/** A shown column and its width, in the order shown. */
export interface ColumnPlace {
  id: string;
  width: number;
}

export type Layout = readonly ColumnPlace[];

export interface GridHandle {
  focus: () => void;
  /** Brings a line into view; false where it is not among the items. */
  scrollTo: (id: string, align?: "start" | "center" | "end" | "auto") => boolean;
  scrollToEnd: () => void;
  scrollToStart: () => void;
}

/** Place of a row in an outline, from 1 as ARIA counts. */
export interface TreePlace {
  level: number;
  position: number;
  setSize: number;
  /** undefined for a leaf */
  expanded?: boolean;
}

export interface GridProps<R> {
  /** Accessible name */
  label: string;
  columns: readonly Column<R>[];
  /** Which columns, in what order and how wide; all of them where absent */
  layout?: Layout;
  onLayout?: (layout: Layout) => void;
  items: readonly Item<R>[];
  /** What a screen reader says of a row */
  rowName: (row: R) => string;
  /** Rows that match in all, also those not loaded; null where it is not known */
  total?: number | null;
  /** Absolute place of the first item, from 0 */
  firstIndex?: number;
  sort?: readonly SortKey[];
  onSort?: (sort: readonly SortKey[]) => void;
  /** The line with the focus ring; arrows move it */
  activeId: string | null;
  onActive: (id: string) => void;
  /** Enter, or a click on a row */
  onOpen?: (item: RowItem<R>) => void;
  /** Rows ticked; absent: rows cannot be ticked */
  selected?: ReadonlySet<string>;
  onSelected?: (selected: ReadonlySet<string>) => void;
  /** Keys that the grid has no use for; true = used */
  onKey?: (event: KeyboardEvent, item: Item<R> | null, columnId: string | null) => boolean;
  onContextMenu?: (event: MouseEvent, item: RowItem<R>, columnId: string | null) => void;
  /** Less than a screen of lines is left at an end */
  onNearStart?: () => void;
  onNearEnd?: () => void;
  /** The first and last line in view have changed */
  onVisible?: (first: Item<R>, last: Item<R>) => void;
  /** Stays at the top while rows go under it, told from the first line in view */
  sticky?: (first: Item<R>) => ReactNode;
  rowClassName?: (row: R) => string | undefined;
  /** Pixels; the density that the person chose where absent */
  rowHeight?: number;
  tree?: {
    place: (row: R) => TreePlace;
    onToggle: (row: R, expand: boolean) => void;
  };
}
