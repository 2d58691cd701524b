// The rows of the timeline in the grid, with what stands between them.
import { makeStyles, mergeClasses } from "@fluentui/react-components";
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
} from "react";
import type { TimelineRow } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import {
  DataGrid,
  defaultLayout,
  formatLayout,
  parseLayout,
  type GridHandle,
  type Item,
  type Layout,
  type RowItem,
} from "@/components/grid";
import { sentenceText } from "@/lib/sentence";
import { clockText, dayText, type Zone } from "@/lib/time";
import { isCleared, type EventLine } from "./build";
import { badgesOf, firstColumns, severityOf, useTimelineColumns, type Shown } from "./columns";
import { Note, noteName, useNoteClasses } from "./notes";
import { readKey, rowKey } from "./state";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  asked: { backgroundColor: role("brandSoft"), fontStyle: "italic" },
  high: { boxShadow: `inset 3px 0 0 ${role("severityHighMark")}` },
  medium: { boxShadow: `inset 3px 0 0 ${role("severityMediumMark")}` },
  low: { boxShadow: `inset 3px 0 0 ${role("severityLowMark")}` },
  info: { boxShadow: `inset 3px 0 0 ${role("severityInformationalMark")}` },
  cleared: { borderTop: `2px solid ${role("severityHighMark")}` },
  sticky: { fontSize: "12px", fontWeight: 600, color: role("text2") },
});

/** Milliseconds that scrolling rests before it is written into the address */
const scrollRest = 500;

export interface TimelineGridProps {
  view: TimelineView;
  deviceName: string;
  grid: RefObject<GridHandle | null>;
  activeId: string | null;
  onActive: (id: string) => void;
  ticked: ReadonlySet<string>;
  onTicked: (ticked: ReadonlySet<string>) => void;
  onOpen: (row: TimelineRow) => void;
  onFlag: (row: TimelineRow) => void;
  onKey: (event: KeyboardEvent, row: TimelineRow | null, columnId: string | null) => boolean;
  onMenu: (event: MouseEvent, row: TimelineRow, columnId: string | null) => void;
  /** The row that a link or jump asked for has come into view */
  onPlaced: (id: string) => void;
}

/** What a screen reader says of a row: instant, sentence, badges. */
export function rowName(line: EventLine, zone: Zone): string {
  const { row } = line;
  return [
    clockText(row.Timestamp, zone),
    sentenceText(row).slice(0, 300),
    ...badgesOf(line).map((badge) => badge.text),
    ...(row.flag === "" ? [] : [`flagged ${row.flag}`]),
    ...(row.has_note ? ["has a note"] : []),
  ].join(", ");
}

export function TimelineGrid(props: TimelineGridProps) {
  const { view, grid, onOpen, onFlag, onKey, onMenu, onPlaced } = props;
  const styles = useStyles();
  const notes = useNoteClasses();
  const { zone } = usePreferences().preferences;
  const { may } = useSession();
  const { unfold, showHidden, filters, lines, marks, pages, change } = view;

  const columns = useTimelineColumns({
    deviceName: props.deviceName,
    mayFlag: may("flags.write"),
    onFlag,
    onUnfold: useCallback(
      (line: EventLine) => {
        unfold(line.id);
      },
      [unfold],
    ),
  });
  const layout = useMemo(
    () => parseLayout(view.state.cols, columns) ?? defaultLayout(columns, firstColumns),
    [view.state.cols, columns],
  );

  const { narrow, goTo } = view;
  const showAll = useCallback(() => {
    const [row] = view.rows;
    narrow({ last: "all", from: null, to: null, zoom: null });
    if (row) goTo(readKey(rowKey(row)));
  }, [narrow, goTo, view.rows]);
  const items = useMemo(
    () =>
      lines.map((line): Item<Shown> => {
        if (line.kind === "event") {
          return { kind: "row", id: line.id, row: { line, mark: marks.get(line.id) ?? "none" } };
        }
        return {
          kind: "note",
          id: line.id,
          name: noteName(line, zone, filters),
          className: notes[line.kind],
          content: (
            <Note
              note={line}
              filters={filters}
              onShow={(note) => void showHidden(note)}
              onAll={showAll}
            />
          ),
        };
      }),
    [lines, marks, zone, filters, notes, showHidden, showAll],
  );

  // The newest end, or the place that a link names, comes into view once.
  const placed = useRef<unknown>(null);
  // Rows beyond those of the first page are asked for once it is in its place, not from where it is laid out at first.
  const settled = useRef<unknown>(null);
  const latestRows = useRef(view.rows);
  useEffect(() => {
    latestRows.current = view.rows;
  }, [view.rows]);
  const { anchor, order } = view;
  const { isSuccess, fetchPreviousPage, hasPreviousPage } = pages;
  const key = pages.data ? JSON.stringify([view.selection, view.range, order, anchor]) : null;
  useEffect(() => {
    if (key === null || !isSuccess || placed.current === key) return;
    placed.current = key;
    const place = () => {
      const handle = grid.current;
      if (!handle) return;
      settled.current = key;
      if (anchor) {
        const beyond = (row: TimelineRow) =>
          order === "asc" ? row.Timestamp >= anchor.time : row.Timestamp <= anchor.time;
        const found =
          latestRows.current.find((row) => row.EventId === anchor.eventId) ??
          latestRows.current.find(beyond) ??
          latestRows.current.at(-1);
        if (!found) return;
        handle.scrollTo(rowKey(found), "center");
        onPlaced(rowKey(found));
      } else if (order === "asc") handle.scrollToEnd();
    };
    requestAnimationFrame(place);
    if (anchor && hasPreviousPage) {
      void fetchPreviousPage().then(() => requestAnimationFrame(place));
    }
  }, [key, isSuccess, anchor, order, grid, hasPreviousPage, fetchPreviousPage, onPlaced]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const onVisible = useCallback(
    (first: Item<Shown>) => {
      const at = items.indexOf(first);
      const row = items.slice(Math.max(0, at)).find((item) => item.kind === "row");
      clearTimeout(timer.current);
      if (!row) return;
      timer.current = setTimeout(() => {
        change({ at: row.id }, { replace: true });
      }, scrollRest);
    },
    [change, items],
  );

  const { hasNextPage, isFetching, fetchNextPage } = pages;
  const onNearStart = useCallback(() => {
    if (settled.current === key && hasPreviousPage && !isFetching) void fetchPreviousPage();
  }, [key, hasPreviousPage, isFetching, fetchPreviousPage]);
  const onNearEnd = useCallback(() => {
    if (settled.current === key && hasNextPage && !isFetching) void fetchNextPage();
  }, [key, hasNextPage, isFetching, fetchNextPage]);

  return (
    <DataGrid<Shown>
      ref={grid}
      label="Timeline of the device"
      columns={columns}
      layout={layout}
      onLayout={(next: Layout) => {
        view.setCols(formatLayout(next, columns), true);
      }}
      items={items}
      rowName={({ line }) => rowName(line, zone)}
      total={view.count.data?.rows ?? null}
      sort={[{ id: "time", descending: order === "desc" }]}
      onSort={() => {
        view.setOrder(order === "asc" ? "time:desc" : "time:asc");
      }}
      activeId={props.activeId}
      onActive={props.onActive}
      onOpen={(item) => {
        onOpen(item.row.line.row);
      }}
      selected={props.ticked}
      onSelected={props.onTicked}
      onKey={(event, item, columnId) => {
        const row = item?.kind === "row" ? item.row.line.row : null;
        if (event.key === "Enter" && item?.kind === "note") {
          const line = lines.find((each) => each.id === item.id);
          if (line?.kind === "filtered") void showHidden(line);
          else if (line?.kind === "end" && line.beyond) showAll();
          return true;
        }
        if (item?.kind === "row" && columnId === "info" && event.key === "Enter") {
          if (item.row.line.folded.length > 1) {
            unfold(item.id);
            return true;
          }
        }
        return onKey(event, row, columnId);
      }}
      onContextMenu={(event, item: RowItem<Shown>, columnId) => {
        onMenu(event, item.row.line.row, columnId);
      }}
      onNearStart={onNearStart}
      onNearEnd={onNearEnd}
      onVisible={onVisible}
      sticky={(first) => {
        const at = timeOfItem(first, items);
        return at === null ? null : <span className={styles.sticky}>{dayText(at, zone)}</span>;
      }}
      rowClassName={({ line }) => {
        const [alert] = line.row.alerts;
        return mergeClasses(
          line.asked && styles.asked,
          isCleared(line.row) && styles.cleared,
          alert && styles[severityOf(alert.severity).key],
        );
      }}
    />
  );
}

/** The instant of a line; of a note the one of the next event. */
function timeOfItem(item: Item<Shown>, items: readonly Item<Shown>[]): string | null {
  if (item.kind === "row") return item.row.line.row.Timestamp;
  const at = items.indexOf(item);
  const next = items.slice(at, at + 50).find((each) => each.kind === "row");
  return next?.kind === "row" ? next.row.line.row.Timestamp : null;
}
