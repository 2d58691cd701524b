// The timeline of a device: what happened, in order, with the means to narrow it down and to say what matters.
import { makeStyles } from "@fluentui/react-components";
import { useCallback, useMemo, useRef, useState } from "react";
import { z } from "zod";
import type { TimelineRow } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import type { GridHandle } from "@/components/grid";
import { ErrorState } from "@/components/StateBlock";
import { TimeOverview } from "@/components/TimeOverview";
import { useUndoToast } from "@/components/UndoToast";
import { useKept } from "@/lib/kept";
import type { EventLine } from "./build";
import { Chips } from "./Chips";
import { chosenColumns, layoutIds } from "./columnChoice";
import { columnNames, firstColumns } from "./columns";
import { CompareDialog } from "./CompareDialog";
import { EmptyTimeline } from "./EmptyTimeline";
import { EventPanel } from "./EventPanel";
import { ExportDialog } from "./ExportDialog";
import { Foot } from "./Foot";
import { useRested, useWide } from "./hooks";
import { KeyHelp } from "./KeyHelp";
import { useRowActs } from "./rowActs";
import { pressed, sought, type KeyActs } from "./keys";
import { useMarks } from "./marks";
import { NoteDialog } from "./NoteDialog";
import { Notices } from "./Notices";
import { PanelActions } from "./PanelActions";
import { Reading } from "./Reading";
import { RowMenu, type MenuPlace } from "./RowMenu";
import { SelectionBar } from "./SelectionBar";
import { readKey, rowKey } from "./state";
import { TimelineFacets } from "./TimelineFacets";
import { TimelineGrid } from "./TimelineGrid";
import { Toolbar } from "./Toolbar";
import { useKql } from "./useKql";
import { useTimelineView } from "./view";
import { ViewsMenu } from "./ViewsMenu";

/** Under so many pixels the facets are a button */
const facetsFrom = 1440;
/** Width of the panel there at most, so that the sentences keep their room */
const narrowPanel = 360;
/** With so few rows all values are seen anyway */
const fewRows = 10;

const useStyles = makeStyles({
  tab: { display: "flex", flexDirection: "column", flex: 1, minHeight: 0, minWidth: 0 },
  work: { position: "relative", display: "flex", flex: 1, minHeight: 0, minWidth: 0 },
  grid: { display: "flex", flexDirection: "column", flex: 1, minWidth: 0, minHeight: 0 },
  // As high as the overview, so that rows stay where they are when it comes.
  overviewPlace: { height: "104px", flexShrink: 0 },
  panel: {
    display: "flex",
    minHeight: 0,
    "@media (max-width: 1180px)": {
      position: "absolute",
      top: 0,
      right: 0,
      bottom: 0,
      zIndex: 8,
      boxShadow: role("shadow"),
    },
  },
});

export function TimelineTab({ deviceId }: { deviceId: string }) {
  const styles = useStyles();
  const view = useTimelineView(deviceId);
  const { state, change, narrow, goTo, range } = view;
  const grid = useRef<GridHandle>(null);
  const filter = useRef<HTMLInputElement>(null);
  const marks = useMarks(deviceId);
  const toast = useUndoToast();
  const { may } = useSession();
  const { zone, singleKeys } = usePreferences().preferences;
  const [activeId, setActiveId] = useState<string | null>(state.sel);
  const [ticked, setTickedRows] = useState<ReadonlySet<string>>(new Set());
  /** All that match are meant, not only the rows ticked */
  const [isWhole, setWhole] = useState(false);
  const setTicked = useCallback((rows: ReadonlySet<string>) => {
    setTickedRows(rows);
    setWhole(false);
  }, []);
  const [panelWidth, setPanelWidth] = useKept("timeline.panel", z.number().min(360).max(720), 428);
  const [overviewShown, setOverviewShown] = useKept("timeline.overview", z.boolean(), true);
  const [facetsOpen, setFacetsOpen] = useState(false);
  const [jumpOpen, setJumpOpen] = useState(false);
  const [dialog, setDialog] = useState<"help" | "export" | null>(null);
  const [noted, setNoted] = useState<TimelineRow | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const wide = useWide(facetsFrom);
  const deviceName = view.device.data?.device.name ?? "";
  const mayFlag = may("flags.write");

  const events = useMemo(
    () => view.lines.filter((line): line is EventLine => line.kind === "event"),
    [view.lines],
  );
  const chosen = useMemo(
    () => events.filter((line) => ticked.has(line.id)).map((line) => line.row),
    [events, ticked],
  );

  const open = useCallback(
    (row: TimelineRow) => {
      change({ sel: rowKey(row) });
    },
    [change],
  );
  const onActive = useCallback(
    (id: string) => {
      setActiveId(id);
      // The panel follows the arrows; only the first look is a step of history.
      if (state.sel !== null && readKey(id) !== null && !/^[a-z]+~/.test(id)) {
        change({ sel: id }, { replace: true });
      }
    },
    [change, state.sel],
  );
  const close = useCallback(() => {
    change({ sel: null });
    grid.current?.focus();
  }, [change]);
  const show = useCallback(
    (line: EventLine) => {
      onActive(line.id);
      grid.current?.scrollTo(line.id, "auto");
    },
    [onActive],
  );

  const kql = useKql(deviceId);
  const toNewest = useCallback(() => {
    requestAnimationFrame(() => {
      if (view.order === "asc") grid.current?.scrollToEnd();
      else grid.current?.scrollToStart();
    });
  }, [view.order]);

  const shownColumns = state.cols === "" ? firstColumns : layoutIds(state.cols);
  const rowActs = useRowActs(view, deviceName, () => ({
    rows:
      chosen.length > 0 ? chosen : events.filter((line) => line.id === activeId).map((l) => l.row),
    columns: shownColumns,
  }));
  const { onlyTrail, copyTable } = rowActs;

  const keyActs: KeyActs = {
    close: () => {
      if (state.sel !== null) close();
      else if (ticked.size > 0) setTicked(new Set());
      else return false;
      return true;
    },
    filter: () => filter.current?.focus(),
    jump: () => {
      setJumpOpen(true);
    },
    help: () => {
      setDialog("help");
    },
    order: () => {
      view.setOrder(state.sort === "time:asc" ? "time:desc" : "time:asc");
    },
    collapse: () => {
      setOverviewShown(!overviewShown);
    },
    selectAll: () => {
      setTickedRows(new Set(events.map((line) => line.id)));
      setWhole(true);
    },
    ...rowActs,
    seek: (by, test) => {
      const found = sought(events, activeId, by, test);
      if (found) show(found);
      else
        toast(by > 0 ? "None below among the rows loaded." : "None above among the rows loaded.");
    },
    flag: (row, colour) => {
      if (!mayFlag) return;
      const rows = chosen.length > 0 && ticked.has(rowKey(row)) ? chosen : [row];
      void (colour === "toggle" ? marks.toggle(rows) : marks.flag(rows, colour));
    },
    note: (row) => {
      if (may("notes.write") && !row.is_technique) setNoted(row);
    },
    trail: onlyTrail,
    menu: (row, columnId) => {
      const cell = document.activeElement?.querySelector('[aria-selected="true"]');
      const box = cell?.getBoundingClientRect();
      setMenu({ row, columnId, x: (box?.left ?? 300) + 320, y: box?.bottom ?? 300 });
    },
  };

  const selected = readKey(state.sel);
  const shownPlace = readKey(useRested(state.sel, 120)) ?? selected;
  const pair = (state.cmp ?? "").split(",").map(readKey);
  const [one, other] = pair;

  if (view.device.error) {
    return (
      <ErrorState
        what="The device could not be read"
        error={view.device.error}
        retry={() => void view.device.refetch()}
      />
    );
  }
  const newest = view.evidence?.newest ?? null;
  // Not before the count is known that there is little to narrow down: what is taken away moves the rows.
  const hasFacets = (view.count.data?.rows ?? Infinity) > fewRows || view.filters > 0;
  const showFacets = range !== null && hasFacets && (wide || facetsOpen);
  const { rows, pages } = view;
  const error = pages.error;

  return (
    <div className={styles.tab}>
      <Toolbar
        view={view}
        filter={filter}
        jumpOpen={jumpOpen}
        onJumpOpen={setJumpOpen}
        onJump={rowActs.jumpTo}
        columns={columnNames.map(([id, header]) => ({
          id,
          header,
          shown: shownColumns.includes(id),
        }))}
        onColumns={(ids) => {
          view.setCols(ids === null ? "" : chosenColumns(state.cols, ids), false);
        }}
        overviewShown={overviewShown}
        onOverview={() => {
          setOverviewShown(!overviewShown);
        }}
        onExport={() => {
          setDialog("export");
        }}
        onHelp={() => {
          setDialog("help");
        }}
        onFacets={
          wide || !hasFacets
            ? null
            : () => {
                setFacetsOpen(!facetsOpen);
              }
        }
      >
        <ViewsMenu
          view={view}
          onKql={() => {
            if (range) kql.view(view.selection, range, view.order);
          }}
        />
      </Toolbar>
      <Notices view={view} />
      {overviewShown && range !== null && view.overview.isPending && (
        <div className={styles.overviewPlace} />
      )}
      {overviewShown && view.overview.data && view.overview.data.rows > 0 && (
        <TimeOverview
          label="Overview"
          overview={view.overview.data}
          zoom={range?.isZoomed === true ? { from: range.from, to: range.to } : null}
          onZoom={(zoom) => {
            narrow({ zoom: zoom === null ? null : `${zoom.from}..${zoom.to}` });
          }}
          onBefore={(time) => {
            if (range) narrow({ zoom: `${range.whole.from}..${time}` });
          }}
          onMark={(mark) => {
            goTo({ time: mark.time, eventId: mark.event_id, technique: null });
          }}
          loading={view.overview.isFetching}
        />
      )}
      {(range !== null || view.device.isSuccess) && (
        <Chips
          view={view}
          onTrail={() => {
            if (view.selectedRow) onlyTrail(view.selectedRow);
          }}
        />
      )}
      {/* Another element once the range is known: it has then found its place, and has not been moved there. */}
      <div key={range === null ? "waiting" : "rows"} className={styles.work}>
        {showFacets && <TimelineFacets view={view} />}
        <div className={styles.grid}>
          {error !== null && rows.length === 0 ? (
            <ErrorState
              what="The timeline could not be read"
              error={error}
              retry={() => void pages.refetch()}
            />
          ) : view.device.isSuccess && newest === null ? (
            <EmptyTimeline view={view} />
          ) : pages.isPending ? (
            <Reading
              range={range}
              zone={zone}
              stopped={view.stopped}
              onStop={view.stop}
              onGoOn={view.goOn}
            />
          ) : rows.length === 0 ? (
            <EmptyTimeline view={view} />
          ) : (
            <TimelineGrid
              view={view}
              deviceName={deviceName}
              grid={grid}
              activeId={activeId}
              onActive={onActive}
              ticked={ticked}
              onTicked={setTicked}
              onOpen={open}
              onFlag={(row) => void marks.toggle([row])}
              onKey={(event, row, columnId) => {
                if (event.ctrlKey && event.key === ".") {
                  setPanelWidth(panelWidth === 720 ? 428 : 720);
                  return true;
                }
                return pressed(event, row, columnId, singleKeys, keyActs);
              }}
              onMenu={(event, row, columnId) => {
                event.preventDefault();
                setMenu({ row, columnId, x: event.clientX, y: event.clientY });
              }}
              onPlaced={setActiveId}
            />
          )}
          {ticked.size > 0 && (
            <SelectionBar
              count={ticked.size}
              whole={
                isWhole && view.count.data
                  ? { rows: view.count.data.rows, exact: view.count.data.is_exact }
                  : null
              }
              mayFlag={mayFlag}
              mayExport={may("export.run")}
              onExport={() => {
                setDialog("export");
              }}
              onFlag={(colour) => void marks.flag(chosen, colour)}
              onCompare={
                ticked.size === 2
                  ? () => {
                      change({ cmp: [...ticked].join(",") });
                    }
                  : null
              }
              onCopy={copyTable}
              onClear={() => {
                setTicked(new Set());
              }}
            />
          )}
        </div>
        {selected && shownPlace && (
          <div className={styles.panel}>
            <EventPanel
              deviceId={deviceId}
              place={shownPlace}
              tab={state.p}
              onTab={(p) => {
                change({ p });
              }}
              width={wide ? panelWidth : Math.min(panelWidth, narrowPanel)}
              onWidth={setPanelWidth}
              onClose={close}
              onStep={(by) => {
                const at = events.findIndex((line) => line.id === state.sel);
                const next = events[at + by];
                if (next) show(next);
              }}
              actions={
                view.selectedRow && (
                  <PanelActions
                    row={view.selectedRow}
                    mayFlag={mayFlag}
                    mayNote={may("notes.write")}
                    acts={keyActs}
                    kql={kql}
                  />
                )
              }
              acts={rowActs.narrowing}
            />
          </div>
        )}
      </div>
      <Foot view={view} onShow={toNewest} />
      <RowMenu
        place={menu}
        deviceName={deviceName}
        mayFlag={mayFlag}
        onClose={() => {
          setMenu(null);
          grid.current?.focus();
        }}
        onOnly={rowActs.narrowing.onOnly}
        onExclude={rowActs.narrowing.onExclude}
        onFlag={(row) => void marks.toggle([row])}
        onNote={setNoted}
        onTrail={onlyTrail}
        onOpen={open}
      />
      {dialog === "help" && (
        <KeyHelp
          onClose={() => {
            setDialog(null);
          }}
        />
      )}
      {dialog === "export" && (
        <ExportDialog
          view={view}
          deviceName={deviceName}
          columns={shownColumns}
          onClose={() => {
            setDialog(null);
          }}
        />
      )}
      {noted && (
        <NoteDialog
          deviceId={deviceId}
          row={noted}
          onSave={(text) => void marks.note(noted, text)}
          onClose={() => {
            setNoted(null);
          }}
        />
      )}
      {one && other && (
        <CompareDialog
          deviceId={deviceId}
          places={[one, other]}
          onClose={() => {
            change({ cmp: null });
          }}
        />
      )}
    </div>
  );
}
