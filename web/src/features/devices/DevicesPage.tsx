import { Button, Link, Tab, TabList } from "@fluentui/react-components";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { ApiError } from "@/api/call";
import type { DeviceRow } from "@/api/gen/api";
import { useBreadcrumb } from "@/app/breadcrumb";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { FilterBar } from "@/components/FilterBar";
import {
  ColumnsDialog,
  DataGrid,
  defaultLayout,
  formatLayout,
  parseLayout,
  type GridHandle,
  layoutOf,
  shownColumns,
  type Item,
  type Layout,
} from "@/components/grid";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { useUrlState } from "@/lib/urlState";
import { BulkBar, type Target } from "./BulkBar";
import { columns, standardColumns } from "./columns";
import { Counters } from "./Counters";
import { CoverageProvider } from "./coverage";
import { DeviceLook } from "./DeviceLook";
import css from "./devices.module.css";
import { deviceUrl, tabs, wholeFilter, type TabId } from "./deviceUrl";
import { ExportDevices } from "./ExportDevices";
import { filterFields } from "./filterFields";
import { QuickFilters } from "./QuickFilters";
import { useDevices } from "./useDevices";
import { criticalityText, healthText } from "@/lib/deviceWords";
import { countText } from "@/lib/amounts";

const panelWidth = 480;
/** As a person's settings name the page */
const pageName = "devices.all";

function rowName(row: DeviceRow): string {
  const { text } = healthText(row, Date.now());
  return `${row.name}, ${text}, criticality ${criticalityText(row.criticality)}`;
}

export function Component() {
  useBreadcrumb({ label: "Devices" });
  const navigate = useNavigate();
  const { may } = useSession();
  const { preferences, page, changePage } = usePreferences();
  const keptColumns = page(pageName)?.columns;
  const [url, change] = useUrlState(deviceUrl);
  const [active, setActive] = useState<string | null>(url.sel);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [allMatching, setAllMatching] = useState(false);
  const [width, setWidth] = useState(panelWidth);
  const grid = useRef<GridHandle>(null);
  const filter = useRef<HTMLInputElement>(null);

  const q = wholeFilter(url.tab, url.q);
  const leaveOut = !url.every;
  const { list, rows, hasMoved, settle, total, counters } = useDevices({
    q,
    sort: url.sort,
    leaveOut,
  });
  const items = useMemo<Item<DeviceRow>[]>(
    () => rows.map((row) => ({ kind: "row", id: row.device_id, row })),
    [rows],
  );
  const standard = useMemo(() => defaultLayout(columns, standardColumns(window.innerWidth)), []);
  const layout = useMemo(
    () =>
      (url.cols === "" ? layoutOf(keptColumns, columns) : parseLayout(url.cols, columns)) ??
      standard,
    [url.cols, keptColumns, standard],
  );
  function setLayout(next: Layout) {
    changePage(pageName, { columns: shownColumns(next) });
    change({ cols: formatLayout(next, columns) }, { replace: true });
  }
  const look = rows.find((row) => row.device_id === url.sel);
  const invalid =
    list.error instanceof ApiError && list.error.where.field === "q" ? list.error : null;

  function setFilter(next: string) {
    setSelected(new Set());
    setAllMatching(false);
    change({ q: next, sel: null });
  }

  function onKey(event: KeyboardEvent, item: Item<DeviceRow> | null): boolean {
    if (event.key === "Escape" && url.sel !== null) {
      change({ sel: null });
      return true;
    }
    if (event.ctrlKey && event.key === "a") {
      setSelected(new Set(rows.map((row) => row.device_id)));
      return true;
    }
    if (event.key === "Enter" && item?.kind === "row") {
      void navigate(`/devices/${item.id}/overview`);
      return true;
    }
    if (!preferences.singleKeys || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === "/") {
      filter.current?.focus();
      return true;
    }
    if (event.key === "o" && item) {
      change({ sel: url.sel === item.id ? null : item.id });
      return true;
    }
    return false;
  }

  const target: Target =
    allMatching && total !== null
      ? { kind: "matching", q, leaveOut, count: total }
      : { kind: "ticked", ids: [...selected] };
  const left = (counters?.left_out.transient ?? 0) + (counters?.left_out.excluded ?? 0);

  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={css.title}>Devices</h1>
        <ColumnsDialog columns={columns} layout={layout} standard={standard} onLayout={setLayout} />
        <ExportDevices q={q} sort={url.sort} leaveOut={leaveOut} permitted={may("export.run")} />
        <Button
          appearance="primary"
          disabled={!may("import.run")}
          onClick={() => void navigate("/import")}
        >
          Add devices
        </Button>
      </div>
      <TabList
        className={css.tabs}
        selectedValue={url.tab}
        onTabSelect={(_, data) => {
          change({ tab: data.value as TabId, sel: null });
        }}
      >
        {tabs.map(({ id, label }) => (
          <Tab key={id} value={id}>
            {label}
            {url.tab === id && total !== null && (
              <span className={css.tabCount}>{countText(total)}</span>
            )}
          </Tab>
        ))}
      </TabList>
      <Counters values={counters} total={total} q={url.q} onFilter={setFilter} />
      <div className={css.bar}>
        <div className={css.filter}>
          <FilterBar
            label="Filter devices"
            placeholder="Name, address, or OSPlatform:Linux"
            value={url.q}
            onChange={setFilter}
            fields={filterFields}
            error={invalid}
            inputRef={filter}
          />
        </div>
        <QuickFilters rows={rows} q={url.q} onFilter={setFilter} />
        <p className={css.leftOut}>
          {url.every ? (
            <>
              Transient and excluded devices are shown.{" "}
              <Link
                as="button"
                onClick={() => {
                  change({ every: false });
                }}
              >
                Leave them out
              </Link>
            </>
          ) : (
            left > 0 && (
              <>
                {counters?.left_out.transient} transient and {counters?.left_out.excluded} excluded
                devices are left out.{" "}
                <Link
                  as="button"
                  onClick={() => {
                    change({ every: true });
                  }}
                >
                  Show
                </Link>
              </>
            )
          )}
        </p>
      </div>
      <div className={css.work}>
        <section className={css.list} aria-label="List of devices">
          {rows.length > 0 ? (
            <CoverageProvider rows={rows} shown={layout.some(({ id }) => id === "Coverage")}>
              <DataGrid
                ref={grid}
                label="Devices"
                rowHeight={30}
                columns={columns}
                layout={layout}
                onLayout={setLayout}
                items={items}
                rowName={rowName}
                total={total}
                sort={url.sort}
                onSort={(sort) => {
                  change({ sort });
                }}
                activeId={active}
                onActive={setActive}
                onOpen={(item) => {
                  change({ sel: item.id });
                }}
                selected={selected}
                onSelected={(next) => {
                  setAllMatching(false);
                  setSelected(next);
                }}
                onKey={onKey}
                onNearEnd={() => {
                  if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
                }}
              />
            </CoverageProvider>
          ) : list.isPending ? (
            <StateBlock kind="loading" title="Reading the devices." />
          ) : list.error && !invalid ? (
            <ErrorState
              what="The list could not be read"
              error={list.error}
              retry={() => void list.refetch()}
            />
          ) : invalid ? (
            <StateBlock kind="error" title={invalid.message} detail={invalid.hint} />
          ) : q === "" && left === 0 ? (
            <StateBlock
              kind="empty"
              title="No devices yet. Import event logs or connect a source."
              action={{ label: "Import event logs", onClick: () => void navigate("/import") }}
            />
          ) : (
            <StateBlock
              kind="empty"
              title="No device matches these filters."
              action={{
                label: "Clear the filter",
                onClick: () => {
                  change({ q: "", tab: "all" });
                },
              }}
            />
          )}
          {(selected.size > 0 || allMatching) && (
            <BulkBar
              target={target}
              total={total}
              matching={allMatching}
              permitted={may("devices.edit")}
              onAll={() => {
                setAllMatching(true);
              }}
              onClear={() => {
                setSelected(new Set());
                setAllMatching(false);
              }}
            />
          )}
        </section>
        {look && (
          <DeviceLook
            row={look}
            width={width}
            onWidth={setWidth}
            onClose={() => {
              change({ sel: null });
              grid.current?.focus();
            }}
          />
        )}
      </div>
      <footer className={css.foot}>
        <span role="status">
          {total === null ? "" : `${countText(total)} devices`}
          {counters && (
            <>
              , as of <Instant time={counters.as_of} />
            </>
          )}
        </span>
        {list.isFetching && rows.length > 0 && <span>Reading…</span>}
        {list.error && rows.length > 0 && !invalid && (
          <span>
            The list could not be read: {list.error.message} Rows shown stay.{" "}
            <Link as="button" onClick={() => void list.refetch()}>
              Try again
            </Link>
          </span>
        )}
        <span role="status" className={css.moved}>
          {hasMoved ? "Order has changed." : ""}
        </span>
        <Link
          as="button"
          onClick={() => {
            settle();
            void list.refetch();
          }}
        >
          Refresh
        </Link>
        <span className={css.keys} aria-hidden>
          <span>
            <kbd>↑↓</kbd> move
          </span>
          <span>
            <kbd>Enter</kbd> open
          </span>
          <span>
            <kbd>O</kbd> look
          </span>
          <span>
            <kbd>Space</kbd> select
          </span>
          <span>
            <kbd>/</kbd> filter
          </span>
        </span>
      </footer>
    </div>
  );
}
