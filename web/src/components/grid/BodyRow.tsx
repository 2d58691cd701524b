import { ChevronDownRegular, ChevronRightRegular } from "@fluentui/react-icons";
import { mergeClasses } from "@fluentui/react-components";
import { memo, type CSSProperties, type MouseEvent, type ReactElement } from "react";
import css from "./grid.module.css";
import type { Column, Item, Layout, RowItem, TreePlace } from "./types";

export interface BodyRowProps<R> {
  gridId: string;
  item: Item<R>;
  columns: ReadonlyMap<string, Column<R>>;
  layout: Layout;
  /** `grid-template-columns` */
  tracks: string;
  top: number;
  /** Absolute, from 1, the header counted */
  rowIndex: number;
  active: boolean;
  /** Place of the focused cell; null where the focus is in another row */
  focusedCell: number | null;
  ticked: boolean | null;
  rowName: (row: R) => string;
  className: string | undefined;
  place: TreePlace | null;
  onPress: (item: Item<R>, column: number | null, event: MouseEvent) => void;
  onTick: (item: RowItem<R>, event: MouseEvent) => void;
  onToggle: (item: RowItem<R>, expand: boolean) => void;
  onContextMenu: (event: MouseEvent, item: RowItem<R>, column: string | null) => void;
}

/** Pixels that a level of an outline is set in */
const indent = 18;

export function cellId(gridId: string, itemId: string, column: number): string {
  return `${gridId}-${itemId}-${String(column)}`;
}

function Twisty({ place, toggle }: { place: TreePlace; toggle: (expand: boolean) => void }) {
  const style: CSSProperties = { marginLeft: (place.level - 1) * indent };
  if (place.expanded === undefined) return <span className={css.twisty} style={style} />;
  const Icon = place.expanded ? ChevronDownRegular : ChevronRightRegular;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={css.twisty}
      style={style}
      aria-label={place.expanded ? "Fold" : "Unfold"}
      onClick={(event) => {
        event.stopPropagation();
        toggle(!place.expanded);
      }}
    >
      <Icon fontSize={12} aria-hidden />
    </button>
  );
}

function Row<R>(props: BodyRowProps<R>) {
  const { gridId, item, columns, layout, tracks, top, rowIndex, active, focusedCell, ticked } =
    props;
  const style: CSSProperties = { transform: `translateY(${String(top)}px)` };
  if (item.kind === "note") {
    return (
      <div
        role="row"
        aria-rowindex={rowIndex}
        aria-selected={active}
        className={mergeClasses(css.row, css.note, item.className, active && css.active)}
        style={style}
        onClick={(event) => {
          props.onPress(item, null, event);
        }}
      >
        <div
          role="gridcell"
          aria-colspan={layout.length + (ticked === null ? 0 : 1)}
          aria-label={item.name}
          id={cellId(gridId, item.id, 0)}
          className={focusedCell === null ? undefined : css.focused}
        >
          {item.content}
        </div>
      </div>
    );
  }
  const shift = ticked === null ? 0 : 1;
  const name = props.rowName(item.row);
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      aria-label={name}
      aria-selected={ticked ?? active}
      {...(props.place
        ? {
            "aria-level": props.place.level,
            "aria-posinset": props.place.position,
            "aria-setsize": props.place.setSize,
            ...(props.place.expanded === undefined
              ? {}
              : { "aria-expanded": props.place.expanded }),
          }
        : {})}
      className={mergeClasses(
        css.row,
        props.className,
        ticked === true && css.ticked,
        active && css.active,
      )}
      style={{ ...style, gridTemplateColumns: tracks }}
    >
      {ticked !== null && (
        <div
          role="gridcell"
          id={cellId(gridId, item.id, 0)}
          className={mergeClasses(css.cell, css.tick, focusedCell === 0 && css.focused)}
        >
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${name}`}
            checked={ticked}
            onChange={() => undefined}
            onClick={(event) => {
              props.onTick(item, event);
            }}
          />
        </div>
      )}
      {layout.map(({ id }, index) => {
        const column = columns.get(id);
        if (!column) return null;
        const at = index + shift;
        const place = props.place;
        return (
          <div
            key={id}
            role="gridcell"
            aria-colindex={at + 1}
            id={cellId(gridId, item.id, at)}
            className={mergeClasses(
              css.cell,
              column.align === "end" && css.end,
              focusedCell === at && css.focused,
            )}
            onClick={(event) => {
              props.onPress(item, at, event);
            }}
            onContextMenu={(event) => {
              props.onContextMenu(event, item, id);
            }}
          >
            {index === 0 && place && (
              <Twisty
                place={place}
                toggle={(expand) => {
                  props.onToggle(item, expand);
                }}
              />
            )}
            {column.cell(item.row)}
          </div>
        );
      })}
    </div>
  );
}

/** A line of a grid; drawn again only when something of its own has changed. */
export const BodyRow = memo(Row) as <R>(props: BodyRowProps<R>) => ReactElement;
