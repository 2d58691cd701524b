// The timeline of a device: what happened, in order, with the means to narrow it down and to say what matters.
import { Button, makeStyles, mergeClasses, Select } from "@fluentui/react-components";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { TimelineRow } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import { FilterBar } from "@/components/FilterBar";
import type { GridHandle } from "@/components/grid";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { withValue } from "@/lib/filterText";
import { EventPanel } from "./EventPanel";
import { filterFields } from "./fields";
import { readKey, rowKey } from "./state";
import { TimelineGrid } from "./TimelineGrid";
import { useMarks } from "./marks";
import { useTimelineView } from "./view";

const useStyles = makeStyles({
  tab: { display: "flex", flexDirection: "column", flex: 1, minHeight: 0, minWidth: 0 },
  toolbar: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "7px 16px",
    minHeight: "44px",
    background: role("surface"),
    borderBottom: `1px solid ${role("stroke")}`,
  },
  work: { display: "flex", flex: 1, minHeight: 0, minWidth: 0 },
  grid: { display: "flex", flexDirection: "column", flex: 1, minWidth: 0, minHeight: 0 },
});

/** The place that a panel shows, once the arrows rest. */
function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(value);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  }, [value, milliseconds]);
  return rested;
}

export function TimelineTab({ deviceId }: { deviceId: string }) {
  const styles = useStyles();
  const view = useTimelineView(deviceId);
  const { state, change, narrow } = view;
  const grid = useRef<GridHandle>(null);
  const filter = useRef<HTMLInputElement>(null);
  const marks = useMarks(deviceId);
  const { may } = useSession();
  const { preferences } = usePreferences();
  const [activeId, setActiveId] = useState<string | null>(state.sel);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [panelWidth, setPanelWidth] = useState(428);

  const open = useCallback(
    (row: TimelineRow) => {
      change({ sel: rowKey(row) });
    },
    [change],
  );
  const onActive = useCallback(
    (id: string) => {
      setActiveId(id);
      // The panel follows the arrows; only the first look makes a step of history.
      if (state.sel !== null && readKey(id) !== null && !id.startsWith("gap")) {
        change({ sel: id }, { replace: true });
      }
    },
    [change, state.sel],
  );
  const close = useCallback(() => {
    change({ sel: null });
    grid.current?.focus();
  }, [change]);

  const acts = useMemo(
    () => ({
      onOnly: (field: string, value: string) => {
        narrow({ q: withValue(state.q, field, value, "only") });
      },
      onExclude: (field: string, value: string) => {
        narrow({ q: withValue(state.q, field, value, "exclude") });
      },
    }),
    [narrow, state.q],
  );

  const selected = readKey(state.sel);
  const rested = useRested(state.sel, 120);
  const shownPlace = readKey(rested) ?? selected;

  const onKey = (event: KeyboardEvent, row: TimelineRow | null): boolean => {
    if (event.key === "Escape" && state.sel !== null) {
      close();
      return true;
    }
    if (!preferences.singleKeys || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "/") {
      filter.current?.focus();
      return true;
    }
    if (!row) return false;
    if (event.key === "f" && may("flags.write")) {
      void marks.toggle([row]);
      return true;
    }
    return false;
  };

  const step = (by: 1 | -1) => {
    const events = view.lines.filter((line) => line.kind === "event");
    const at = events.findIndex((line) => line.id === state.sel);
    const next = events[at + by];
    if (!next) return;
    setActiveId(next.id);
    change({ sel: next.id }, { replace: true });
    grid.current?.scrollTo(next.id, "auto");
  };

  if (view.device.error) {
    return (
      <ErrorState
        what="The device could not be read"
        error={view.device.error}
        retry={() => void view.device.refetch()}
      />
    );
  }
  return (
    <div className={styles.tab}>
      <div className={styles.toolbar} role="toolbar" aria-label="Timeline">
        <FilterBar
          label="Filter the timeline"
          value={state.q}
          onChange={(q) => {
            narrow({ q });
          }}
          fields={filterFields(view.facets.data)}
          error={view.refused}
          placeholder="Filter: words, or FileName:powershell.exe -Account:SYSTEM"
          inputRef={filter}
        />
        <Select
          aria-label="Order"
          size="small"
          value={state.sort}
          onChange={(_, data) => {
            narrow({ sort: data.value as typeof state.sort });
          }}
        >
          <option value="time:asc">Oldest first</option>
          <option value="time:desc">Newest first</option>
        </Select>
        <Button size="small">Export</Button>
      </div>
      <div className={styles.work}>
        <div className={mergeClasses(styles.grid)}>
          {view.pages.error && view.rows.length === 0 ? (
            <ErrorState
              what="The timeline could not be read"
              error={view.pages.error}
              retry={() => void view.pages.refetch()}
            />
          ) : view.pages.isPending ? (
            <StateBlock kind="loading" title="Reading the timeline." />
          ) : (
            <TimelineGrid
              view={view}
              deviceName={view.device.data?.device.name ?? ""}
              grid={grid}
              activeId={activeId}
              onActive={onActive}
              ticked={ticked}
              onTicked={setTicked}
              onOpen={open}
              onFlag={(row) => void marks.toggle([row])}
              onKey={onKey}
              onMenu={() => undefined}
            />
          )}
        </div>
        {selected && shownPlace && (
          <EventPanel
            deviceId={deviceId}
            place={shownPlace}
            tab={state.p}
            onTab={(p) => {
              change({ p });
            }}
            width={panelWidth}
            onWidth={setPanelWidth}
            onClose={close}
            onStep={step}
            actions={null}
            acts={acts}
          />
        )}
      </div>
    </div>
  );
}
