// What happened since the page was opened: events behind the newest one shown, and late ones from before it.
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { call } from "@/api/call";
import type { TimelineRow } from "@/api/gen/api";
import type { Range, Selection } from "./state";

/** Milliseconds between two looks: also what a screen reader is told of at most so often */
const lookEvery = 10_000;
const lookForLateEvery = 60_000;
/** Newer events that are held at most; more of them are told of as more */
export const mostLive = 500;

export interface LiveRequest {
  deviceId: string;
  selection: Selection;
  /** null: the end shown is not the newest, so nothing is looked for */
  range: Range | null;
  order: "asc" | "desc";
  /** Rows of the range that were counted when it was read, where that is exact */
  counted: number | null;
}

export interface Live {
  isOn: boolean;
  /** Newer events that are shown behind the others, oldest first */
  rows: readonly TimelineRow[];
  /** Newer events that wait */
  waiting: number;
  /** There are more of them than are held */
  hasMore: boolean;
  /** Events that came late, with a time among those shown */
  late: number;
  /** A look failed; the next may not */
  hasFailed: boolean;
  show: () => void;
}

export function useLive(request: LiveRequest, follows: boolean): Live {
  const { deviceId, selection, range, order, counted } = request;
  const enabled = range !== null;
  const path = { device_id: deviceId };
  const newer = useQuery({
    queryKey: ["timelineLive", deviceId, selection, range],
    enabled,
    queryFn: ({ signal }) =>
      call(
        "getTimeline",
        {
          path,
          query: {
            ...selection,
            from: range?.to ?? "",
            order: "asc",
            start: "oldest",
            limit: mostLive,
          },
        },
        signal,
      ),
    refetchInterval: lookEvery,
    staleTime: lookEvery,
    retry: false,
  });
  const again = useQuery({
    queryKey: ["timelineLate", deviceId, selection, range],
    enabled: enabled && counted !== null,
    queryFn: ({ signal }) =>
      call("countTimeline", { path, query: { ...selection, ...range } }, signal),
    // The first count is the page's own.
    initialData: { rows: counted ?? 0, left_out: 0, is_exact: true },
    refetchInterval: lookForLateEvery,
    staleTime: lookForLateEvery,
    retry: false,
  });
  const key = useMemo(
    () => JSON.stringify([deviceId, selection, range, order]),
    [deviceId, selection, range, order],
  );
  const [taken, setTaken] = useState({ key, rows: 0 });
  const found = useMemo(() => (enabled ? (newer.data?.items ?? []) : []), [enabled, newer.data]);
  const show = useCallback(() => {
    setTaken({ key, rows: found.length });
  }, [key, found.length]);
  useEffect(() => {
    if (follows) show();
  }, [follows, show]);
  const shown = taken.key === key ? taken.rows : 0;
  const rows = useMemo(() => found.slice(0, shown), [found, shown]);
  return {
    isOn: enabled,
    rows,
    waiting: found.slice(shown).filter((row) => !row.is_technique).length,
    hasMore: newer.data?.next != null,
    late: counted === null ? 0 : Math.max(0, again.data.rows - counted),
    hasFailed: newer.isError,
    show,
  };
}
