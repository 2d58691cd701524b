// The timeline as it is shown: state of the address, range, rows, lines, trail.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "react-router";
import { ApiError, call, query } from "@/api/call";
import type { TimelineRow } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { ticksBetween } from "@/lib/time";
import { useUrlState } from "@/lib/urlState";
import { buildLines, type NoteLine } from "./build";
import { useKeptChoices } from "./keptChoices";
import { useLive } from "./live";
import { useTimelinePages } from "./pages";
import {
  evidenceOf,
  filterCount,
  rangeOf,
  readKey,
  rowKey,
  selectedKey,
  selectionOf,
  timelineUrl,
  type RowPlace,
  type Selection,
} from "./state";
import { subjectOf, trailMarks, trailOf } from "./trail";

/** Bars of the overview */
const bars = 180;

export type TimelineView = ReturnType<typeof useTimelineView>;

export function useTimelineView(deviceId: string) {
  const client = useQueryClient();
  const { pathname, search } = useLocation();
  const { zone } = usePreferences().preferences;
  const [url, change, unread] = useUrlState(timelineUrl);
  const state = useMemo(() => ({ ...url, sel: selectedKey(url) }), [url]);
  const [anchor, setAnchor] = useState<RowPlace | null>(() => readKey(state.sel ?? state.at));
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<ReadonlyMap<string, readonly TimelineRow[]>>(new Map());

  const device = useQuery(query("getDeviceOverview", { path: { device_id: deviceId } }));
  const evidence = useMemo(() => (device.data ? evidenceOf(device.data) : null), [device.data]);
  const { last, from, to, zoom, q, g, type, flag } = state;
  const range = useMemo(
    () => (evidence ? rangeOf({ last, from, to, zoom }, evidence) : null),
    [evidence, last, from, to, zoom],
  );
  // A filter that the server refused is not sent to its other readers; the last that it took stays in force.
  const [taken, setTaken] = useState("");
  const check = useQuery({
    queryKey: ["timelineFilter", deviceId, q],
    enabled: q !== "" && range !== null,
    retry: false,
    queryFn: ({ signal }) =>
      call(
        "getTimeline",
        { path: { device_id: deviceId }, query: { q, limit: 1, ...newestSecond(range?.whole.to) } },
        signal,
      ),
    staleTime: Infinity,
  });
  const refused =
    check.error instanceof ApiError && check.error.code === "invalid_input" ? check.error : null;
  const settled = q === "" || check.isFetched;
  useEffect(() => {
    if (settled && !refused) setTaken(q);
  }, [settled, refused, q]);
  const inForce = settled && !refused ? q : taken;
  const selection = useMemo((): Selection => {
    const rest = selectionOf({ q: "", g, type, flag });
    return inForce === "" ? rest : { ...rest, q: inForce };
  }, [g, type, flag, inForce]);

  const order = state.sort === "time:asc" ? "asc" : "desc";
  const pagesRange = useMemo(() => (range ? { from: range.from, to: range.to } : null), [range]);
  const pages = useTimelinePages({
    deviceId,
    selection,
    range: settled ? pagesRange : null,
    order,
    anchor,
  });
  const within = { path: { device_id: deviceId }, query: { ...selection, ...(pagesRange ?? {}) } };
  const ready = pagesRange !== null && settled;
  const count = useQuery({
    ...query("countTimeline", within),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  const facets = useQuery({
    ...query("getTimelineFacets", within),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  const overview = useQuery({
    ...query("getTimelineOverview", {
      path: { device_id: deviceId },
      query: { ...selection, ...(range ? range.whole : {}), bars },
    }),
    enabled: ready,
    placeholderData: keepPreviousData,
  });

  const [stopped, setStopped] = useState(false);
  const [follows, setFollows] = useState(false);
  const { hasNextPage, hasPreviousPage, isSuccess: hasPages } = pages;
  const atNewest = hasPages && !(order === "asc" ? hasNextPage : hasPreviousPage);
  const atOldest = hasPages && !(order === "asc" ? hasPreviousPage : hasNextPage);
  const isLive = range !== null && range.last !== null && !range.isZoomed && atNewest;
  const live = useLive(
    {
      deviceId,
      selection,
      range: isLive ? pagesRange : null,
      order,
      counted: count.data?.is_exact === true && !count.isPlaceholderData ? count.data.rows : null,
    },
    follows,
  );
  const liveRows = live.rows;
  const rows = useMemo(() => {
    if (liveRows.length === 0) return pages.rows;
    return order === "asc"
      ? [...pages.rows, ...liveRows]
      : [...[...liveRows].reverse(), ...pages.rows];
  }, [pages.rows, liveRows, order]);
  /** Reads the range again, up to what is newest now. */
  const readAgain = useCallback(() => {
    void client.invalidateQueries({ queryKey: ["timelinePages", deviceId] });
    for (const name of ["countTimeline", "getTimelineFacets", "getTimelineOverview"]) {
      void client.invalidateQueries({ queryKey: [name] });
    }
  }, [client, deviceId]);

  const oldest = evidence?.oldest ?? null;
  const newest = evidence?.newest ?? null;
  const lines = useMemo(
    () =>
      buildLines(rows, {
        zone,
        ascending: order === "asc",
        from: range?.from ?? "",
        to: range?.to ?? "",
        ends: { oldest: atOldest ? oldest : null, newest: atNewest ? newest : null },
        range: range ? ticksBetween(range.from, range.to) : 0,
        coverage: overview.data?.coverage ?? [],
        fold: state.fold,
        opened,
        shown,
        selected: state.sel,
      }),
    [
      rows,
      zone,
      order,
      range,
      atOldest,
      atNewest,
      oldest,
      newest,
      overview.data,
      state.fold,
      opened,
      shown,
      state.sel,
    ],
  );
  const selectedRow = useMemo(
    () => rows.find((row) => rowKey(row) === state.sel) ?? null,
    [rows, state.sel],
  );
  const trail = useMemo(() => (selectedRow ? trailOf(selectedRow) : null), [selectedRow]);
  const marks = useMemo(() => {
    const events = lines.flatMap((line) => (line.kind === "event" ? [line] : []));
    const at = events.findIndex((line) => line.id === state.sel);
    const each = trailMarks(
      events.map((line) => line.row),
      trail,
      at,
    );
    return new Map(events.map((line, index) => [line.id, each[index] ?? "none"]));
  }, [lines, trail, state.sel]);
  const trailCount = useQuery({
    ...query("countTrail", {
      path: { device_id: deviceId },
      query: { process: trail?.process ?? "0", ...(range ? range.whole : {}) },
    }),
    enabled: trail !== null,
  });

  /** Filters, range or order: the place stays at what is selected. */
  const narrow = useCallback(
    (part: Parameters<typeof change>[0]) => {
      setOpened(new Set());
      setShown(new Map());
      setAnchor(readKey(state.sel));
      change({ at: null, ...part });
    },
    [change, state.sel],
  );

  const { setCols, setOrder } = useKeptChoices(change, narrow);

  /** Goes to an instant or event; the filters stay. */
  const goTo = useCallback((place: RowPlace | null) => {
    setAnchor(place);
  }, []);

  // What Back has selected, and is not among the rows, is gone to once.
  const sought = useRef<string | null>(state.sel);
  useEffect(() => {
    if (state.sel === null || state.sel === sought.current) return;
    sought.current = state.sel;
    if (!pages.isFetching && !rows.some((row) => rowKey(row) === state.sel)) {
      setAnchor(readKey(state.sel));
    }
  }, [state.sel, rows, pages.isFetching]);

  const unfold = useCallback((id: string) => {
    setOpened((before) => new Set(before).add(id));
  }, []);

  const showHidden = useCallback(
    async (note: NoteLine & { kind: "filtered" }) => {
      if (note.open) {
        setShown((before) => {
          const after = new Map(before);
          after.delete(note.id);
          return after;
        });
        return;
      }
      const page = await client.fetchQuery(
        query("getTimeline", {
          path: { device_id: deviceId },
          query: { from: note.from, to: note.to, order, limit: 500, start: "oldest" },
        }),
      );
      const known = new Set(rows.map(rowKey));
      const found = page.items.filter((row) => !known.has(rowKey(row)));
      setShown((before) => new Map(before).set(note.id, found));
    },
    [client, deviceId, order, rows],
  );

  return {
    deviceId,
    state,
    change,
    narrow,
    unread,
    device,
    evidence,
    range,
    selection,
    refused,
    pages,
    rows,
    lines,
    marks,
    trail,
    trailCount: trail ? (trailCount.data?.rows ?? null) : null,
    trailInView: useMemo(
      () => [...marks.values()].filter((mark) => mark !== "none" && mark !== "pass").length,
      [marks],
    ),
    selectedRow,
    selectedSubject: selectedRow ? subjectOf(selectedRow) : null,
    count,
    facets,
    overview,
    order,
    anchor,
    goTo,
    unfold,
    showHidden,
    filters: filterCount({ q: inForce, g, type, flag }),
    live,
    follows,
    setFollows,
    readAgain,
    linkLength: window.location.origin.length + pathname.length + search.length,
    setCols,
    setOrder,
    stopped: stopped && pages.isPending && pages.fetchStatus === "idle",
    stop: () => {
      setStopped(true);
      void client.cancelQueries({ queryKey: ["timelinePages", deviceId] });
    },
    goOn: () => {
      setStopped(false);
      void pages.refetch();
    },
  } as const;
}

/** The last second of a range: enough to ask whether a filter can be read. */
function newestSecond(to: string | undefined) {
  return to === undefined ? {} : { from: to, to };
}
