import {
  useCallback,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from "react";
import { usePreferences } from "@/app/preferences";
import { BodyRow, cellId } from "./BodyRow";
import css from "./grid.module.css";
import { HeadRow, headId } from "./HeadRow";
import { move } from "./keys";
import { defaultLayout, moved, resized, template } from "./layout";
import { nextSort, range, toggled } from "./selection";
import type { Column, GridHandle, GridProps, Item, RowItem } from "./types";
import { useRows } from "./useRows";

const heights = { dense: 24, compact: 26, comfortable: 32 } as const;
const headHeight = 30;
const tickWidth = 34;
/** What a key changes a column's width by (px) */
const widthStep = 16;

/**
 * A list of any length: virtual rows, one tab stop, cells by arrow keys, columns that sort, move and size.
 * The page holds the state (active row, selection, order, columns), so that it can stand in the link.
 */
export function DataGrid<R>(props: GridProps<R> & { ref?: Ref<GridHandle> }) {
  const { items, columns, activeId, selected, tree, onLayout, onActive, onOpen, onSelected } =
    props;
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { preferences } = usePreferences();
  const { density } = preferences;
  const rowHeight = density === "by_page" ? (props.rowHeight ?? heights.compact) : heights[density];
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const layout = useMemo(
    () => (props.layout ?? defaultLayout(columns)).filter(({ id }) => byId.has(id)),
    [props.layout, columns, byId],
  );
  const tracks = `${selected ? `${String(tickWidth)}px ` : ""}${template(layout, byId)}`;
  const shift = selected ? 1 : 0;
  const width = layout.reduce((sum, place) => sum + place.width, shift * tickWidth);
  const [column, setColumn] = useState(shift);
  const [inHead, setInHead] = useState(false);
  const lastTicked = useRef<string | null>(null);

  const { virtual, start, screen } = useRows({
    scroller,
    items,
    rowHeight,
    covered: headHeight + (props.sticky ? rowHeight : 0),
    onNearStart: props.onNearStart,
    onNearEnd: props.onNearEnd,
    onVisible: props.onVisible,
  });

  const activeIndex = useMemo(
    () => items.findIndex((item) => item.id === activeId),
    [items, activeId],
  );
  const activeItem = items[activeIndex] ?? null;

  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus(),
    scrollTo: (id, align = "center") => {
      const index = items.findIndex((item) => item.id === id);
      if (index >= 0) virtual.scrollToIndex(index, { align });
      return index >= 0;
    },
    scrollToStart: () => {
      virtual.scrollToIndex(0, { align: "start" });
    },
    scrollToEnd: () => {
      virtual.scrollToIndex(items.length - 1, { align: "end" });
    },
  }));

  const sortBy = (chosen: Column<R>, add: boolean) => {
    props.onSort?.(nextSort(props.sort ?? [], chosen.id, add));
  };

  const tick = useCallback(
    (item: RowItem<R>, extend: boolean) => {
      if (!selected || !onSelected) return;
      const from = lastTicked.current;
      onSelected(
        extend && from !== null
          ? range(items, selected, from, item.id)
          : toggled(selected, item.id),
      );
      lastTicked.current = item.id;
    },
    [items, selected, onSelected],
  );

  const press = useCallback(
    (item: Item<R>, at: number | null, event: MouseEvent) => {
      setInHead(false);
      if (at !== null) setColumn(at);
      onActive(item.id);
      if (item.kind !== "row" || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey) tick(item, false);
      else if (event.shiftKey) tick(item, true);
      else onOpen?.(item);
    },
    [onActive, onOpen, tick],
  );

  const tickByMouse = useCallback(
    (item: RowItem<R>, event: MouseEvent) => {
      event.stopPropagation();
      tick(item, event.shiftKey);
    },
    [tick],
  );

  const { onContextMenu } = props;
  const contextMenu = useCallback(
    (event: MouseEvent, item: RowItem<R>, id: string | null) => {
      onActive(item.id);
      onContextMenu?.(event, item, id);
    },
    [onActive, onContextMenu],
  );

  const toggle = useCallback(
    (item: RowItem<R>, expand: boolean) => {
      tree?.onToggle(item.row, expand);
    },
    [tree],
  );

  function headKey(event: KeyboardEvent): boolean {
    const place = layout[column - shift];
    const chosen = place ? byId.get(place.id) : undefined;
    if (!place || !chosen) return false;
    if (event.key === "Enter" || event.key === " ") {
      if (chosen.sortable) sortBy(chosen, event.shiftKey);
      return true;
    }
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || chosen.fixed) return false;
    if (event.ctrlKey) {
      const fixed = new Set(columns.filter((other) => other.fixed).map((other) => other.id));
      const next = moved(layout, place.id, by, fixed);
      if (next !== layout) setColumn(column + by);
      onLayout?.(next);
      return true;
    }
    if (event.shiftKey) {
      onLayout?.(resized(layout, place.id, place.width + by * widthStep));
      return true;
    }
    return false;
  }

  function treeKey(event: KeyboardEvent): boolean {
    if (!tree || activeItem?.kind !== "row" || column > shift || event.ctrlKey) return false;
    const place = tree.place(activeItem.row);
    if (event.key === "ArrowRight" && place.expanded === false) {
      tree.onToggle(activeItem.row, true);
      return true;
    }
    if (event.key !== "ArrowLeft") return false;
    if (place.expanded === true) {
      tree.onToggle(activeItem.row, false);
      return true;
    }
    for (let index = activeIndex - 1; index >= 0; index -= 1) {
      const item = items[index];
      if (item?.kind === "row" && tree.place(item.row).level < place.level) {
        onActive(item.id);
        virtual.scrollToIndex(index);
        return true;
      }
    }
    return false;
  }

  function keyDown(event: KeyboardEvent<HTMLDivElement>) {
    // Keys of a control inside a cell are its own.
    if (event.target !== event.currentTarget) return;
    if (inHead ? headKey(event) : treeKey(event)) {
      event.preventDefault();
      return;
    }
    const columnId = layout[column - shift]?.id ?? null;
    if (!inHead && props.onKey?.(event, activeItem, columnId)) {
      event.preventDefault();
      return;
    }
    if (event.altKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
    const from = { row: inHead ? -1 : activeIndex < 0 ? start - 1 : activeIndex, column };
    const bounds = { rows: items.length, columns: layout.length + shift, screen };
    const to = move(event.key, event.ctrlKey, from, bounds);
    if (to) {
      event.preventDefault();
      setColumn(to.column);
      setInHead(to.row < 0);
      const item = items[to.row];
      if (item && to.row !== from.row) {
        if (event.shiftKey && activeItem?.kind === "row" && item.kind === "row") {
          lastTicked.current ??= activeItem.id;
          if (selected) onSelected?.(range(items, selected, lastTicked.current, item.id));
        }
        onActive(item.id);
        virtual.scrollToIndex(to.row);
      }
    } else if (!inHead && event.key === "Enter" && activeItem?.kind === "row") {
      event.preventDefault();
      onOpen?.(activeItem);
    } else if (!inHead && event.key === " " && activeItem?.kind === "row" && selected) {
      event.preventDefault();
      tick(activeItem, false);
    }
  }

  const loaded = items.filter((item) => item.kind === "row");
  const firstIndex = props.firstIndex ?? 0;
  const focusedId = inHead
    ? cellId(gridId, headId, column)
    : activeItem
      ? cellId(gridId, activeItem.id, activeItem.kind === "note" ? 0 : column)
      : undefined;
  const top = items[start];

  return (
    <div
      className={css.grid}
      style={
        { "--gridRow": `${String(rowHeight)}px`, "--gridWidth": `${String(width)}px` } as object
      }
    >
      <div
        ref={scroller}
        className={css.scroller}
        role={tree ? "treegrid" : "grid"}
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={props.total === null ? -1 : (props.total ?? items.length) + 1}
        aria-colcount={layout.length + shift}
        {...(selected ? { "aria-multiselectable": true } : {})}
        {...(focusedId === undefined ? {} : { "aria-activedescendant": focusedId })}
        onKeyDown={keyDown}
      >
        <HeadRow
          gridId={gridId}
          columns={byId}
          layout={layout}
          tracks={tracks}
          sort={props.sort ?? []}
          allTicked={
            selected ? loaded.length > 0 && loaded.every(({ id }) => selected.has(id)) : null
          }
          focusedCell={inHead ? column : null}
          onTickAll={() => {
            const all = loaded.every(({ id }) => selected?.has(id));
            onSelected?.(all ? new Set() : new Set(loaded.map(({ id }) => id)));
          }}
          onSort={sortBy}
          onResize={(id, width) => {
            onLayout?.(resized(layout, id, width));
          }}
          onFit={(id) => {
            const at = layout.findIndex((place) => place.id === id) + shift;
            onLayout?.(resized(layout, id, contentWidth(scroller.current, at)));
          }}
          onMove={(id, before) => {
            const ids = layout.map((place) => place.id);
            const fixed = new Set(columns.filter((other) => other.fixed).map((other) => other.id));
            onLayout?.(moved(layout, id, ids.indexOf(before) - ids.indexOf(id), fixed));
          }}
        />
        {props.sticky && top && (
          <div className={css.sticky} aria-hidden>
            {props.sticky(top)}
          </div>
        )}
        <div className={css.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start: offset }) => {
            const item = items[index];
            if (!item) return null;
            const isRow = item.kind === "row";
            const active = item.id === activeId;
            return (
              <BodyRow
                key={item.id}
                gridId={gridId}
                item={item}
                columns={byId}
                layout={layout}
                tracks={tracks}
                top={offset}
                rowIndex={firstIndex + index + 2}
                active={active}
                focusedCell={active && !inHead ? column : null}
                ticked={selected ? selected.has(item.id) : null}
                rowName={props.rowName}
                className={isRow ? props.rowClassName?.(item.row) : undefined}
                place={tree && isRow ? tree.place(item.row) : null}
                onPress={press}
                onTick={tickByMouse}
                onToggle={toggle}
                onContextMenu={contextMenu}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Width that the cells of a column would take if nothing cut them (px). */
function contentWidth(scroller: HTMLElement | null, column: number): number {
  let width = 0;
  for (const row of scroller?.querySelectorAll<HTMLElement>('[role="row"]') ?? []) {
    const cell = row.children[column];
    if (cell) width = Math.max(width, cell.scrollWidth + 2);
  }
  return width;
}
