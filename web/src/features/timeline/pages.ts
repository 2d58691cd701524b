// The rows of a timeline, 200 a page, read on at both ends; a window of some pages is kept.
import { useInfiniteQuery, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { ApiError, call } from "@/api/call";
import type { TimelinePage, TimelineRow } from "@/api/gen/api";
import type { Range, RowPlace, Selection } from "./state";

/** Rows that the server is asked for at once */
const pageSize = 200;
/** Pages in memory; what is further away is read again */
const pagesKept = 6;

interface Param {
  cursor: string | null;
}

export interface PagesRequest {
  deviceId: string;
  selection: Selection;
  range: Range | null;
  order: "asc" | "desc";
  /** Where to begin; null: at the newest end */
  anchor: RowPlace | null;
}

export type PagesKey = readonly ["timelinePages", string, ...unknown[]];

const keyOf = (request: PagesRequest): PagesKey => [
  "timelinePages",
  request.deviceId,
  request.selection,
  request.range,
  request.order,
  request.anchor,
];

/** A row as listed, with the rows that the filter left out before it also at the seam of two pages. */
export function rowsOf(pages: readonly TimelinePage[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let hidden: number | null = null;
  for (const page of pages) {
    page.items.forEach((row, index) => {
      const seam = index === 0 && row.hidden_before === null && hidden !== null;
      rows.push(seam ? { ...row, hidden_before: hidden } : row);
    });
    if (page.items.length > 0) hidden = page.hidden_after;
  }
  return rows;
}

export function useTimelinePages(request: PagesRequest) {
  const { deviceId, selection, range, order, anchor } = request;
  const result = useInfiniteQuery({
    queryKey: keyOf(request),
    enabled: range !== null,
    initialPageParam: { cursor: null } as Param,
    queryFn: ({ pageParam, signal }) =>
      call(
        "getTimeline",
        {
          path: { device_id: deviceId },
          query: {
            ...selection,
            ...(range ? { from: range.from, to: range.to } : {}),
            order,
            limit: pageSize,
            ...(pageParam.cursor !== null
              ? { cursor: pageParam.cursor }
              : anchor
                ? {
                    at: anchor.time,
                    ...(anchor.eventId === "0" ? {} : { at_event: anchor.eventId }),
                  }
                : { start: "newest" as const }),
          },
        },
        signal,
      ),
    getNextPageParam: (page): Param | undefined =>
      page.next === null ? undefined : { cursor: page.next },
    getPreviousPageParam: (page): Param | undefined =>
      page.previous === null ? undefined : { cursor: page.previous },
    maxPages: pagesKept,
    staleTime: Infinity,
    retry: (count, error) => count < 1 && (!(error instanceof ApiError) || error.status >= 500),
  });
  const rows = useMemo(() => rowsOf(result.data?.pages ?? []), [result.data]);
  return { ...result, rows };
}

/** Changes a row of the device wherever it is held: flags and notes. */
export function patchRow(
  client: QueryClient,
  deviceId: string,
  eventId: string,
  patch: Partial<TimelineRow>,
): void {
  client.setQueriesData<InfiniteData<TimelinePage>>(
    { queryKey: ["timelinePages", deviceId] },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) =>
          page.items.some((row) => row.EventId === eventId)
            ? {
                ...page,
                items: page.items.map((row) =>
                  row.EventId === eventId ? { ...row, ...patch } : row,
                ),
              }
            : page,
        ),
      },
  );
}
