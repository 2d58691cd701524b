import { ArrowDownRegular, ArrowUpRegular } from "@fluentui/react-icons";
import { mergeClasses } from "@fluentui/react-components";
import { useRef, type PointerEvent } from "react";
import { cellId } from "./BodyRow";
import css from "./grid.module.css";
import type { Column, Layout, SortKey } from "./types";

export interface HeadRowProps<R> {
  gridId: string;
  columns: ReadonlyMap<string, Column<R>>;
  layout: Layout;
  tracks: string;
  sort: readonly SortKey[];
  /** null where rows cannot be ticked */
  allTicked: boolean | null;
  focusedCell: number | null;
  onTickAll: () => void;
  onSort: (column: Column<R>, add: boolean) => void;
  onResize: (id: string, width: number) => void;
  onFit: (id: string) => void;
  onMove: (id: string, before: string) => void;
}

/** Id by which the header's cells are known; no line of a grid may have it. */
export const headId = "head";

function Resizer({
  width,
  onResize,
  onFit,
}: {
  width: number;
  onResize: (width: number) => void;
  onFit: () => void;
}) {
  const from = useRef<{ x: number; width: number } | null>(null);
  return (
    <span
      className={css.resizer}
      aria-hidden
      draggable={false}
      onPointerDown={(event: PointerEvent<HTMLSpanElement>) => {
        event.preventDefault();
        event.stopPropagation();
        const cell = event.currentTarget.parentElement;
        from.current = { x: event.clientX, width: cell?.offsetWidth ?? width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current) onResize(from.current.width + event.clientX - from.current.x);
      }}
      onPointerUp={() => {
        from.current = null;
      }}
      onClick={(event) => {
        event.stopPropagation();
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
        onFit();
      }}
    />
  );
}

/** The header: names, order, widths. Its keyboard twin stands in the grid's keys. */
export function HeadRow<R>(props: HeadRowProps<R>) {
  const { gridId, columns, layout, tracks, sort, allTicked, focusedCell } = props;
  const dragged = useRef<string | null>(null);
  const shift = allTicked === null ? 0 : 1;
  return (
    <div role="row" aria-rowindex={1} className={css.head} style={{ gridTemplateColumns: tracks }}>
      {allTicked !== null && (
        <div
          role="columnheader"
          id={cellId(gridId, headId, 0)}
          className={mergeClasses(css.headCell, css.tick, focusedCell === 0 && css.focused)}
        >
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select all loaded rows"
            checked={allTicked}
            onChange={props.onTickAll}
          />
        </div>
      )}
      {layout.map(({ id, width }, index) => {
        const column = columns.get(id);
        if (!column) return null;
        const key = sort.find((entry) => entry.id === id);
        const place = sort.length > 1 ? sort.findIndex((entry) => entry.id === id) + 1 : 0;
        const Arrow = key?.descending ? ArrowDownRegular : ArrowUpRegular;
        return (
          <div
            key={id}
            role="columnheader"
            aria-colindex={index + shift + 1}
            aria-label={column.header}
            {...(column.sortable
              ? { "aria-sort": key ? (key.descending ? "descending" : "ascending") : "none" }
              : {})}
            id={cellId(gridId, headId, index + shift)}
            className={mergeClasses(
              css.headCell,
              column.sortable && css.sortable,
              column.align === "end" && css.end,
              focusedCell === index + shift && css.focused,
            )}
            draggable={!column.fixed}
            onDragStart={(event) => {
              dragged.current = id;
              event.dataTransfer.effectAllowed = "move";
            }}
            onDragOver={(event) => {
              if (dragged.current !== null && !column.fixed) event.preventDefault();
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged.current !== null) props.onMove(dragged.current, id);
              dragged.current = null;
            }}
            onClick={(event) => {
              if (column.sortable) props.onSort(column, event.shiftKey);
            }}
          >
            {column.headerFace ?? column.header}
            {key && <Arrow fontSize={12} aria-hidden />}
            {key && place > 0 && <span aria-hidden>{place}</span>}
            {!column.fixed && (
              <Resizer
                width={width}
                onResize={(next) => {
                  props.onResize(id, next);
                }}
                onFit={() => {
                  props.onFit(id);
                }}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
