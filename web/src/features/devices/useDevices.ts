// The list of devices, page by page.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "@/api/call";
import type { DeviceRow } from "@/api/gen/api";
import type { SortKey } from "@/components/grid";
import { useSteadyRows } from "./steadyRows";

/** Rows that one call brings */
const pageSize = 200;
/** Milliseconds until what is shown is read anew */
const readAnew = 30_000;
/** Pages that are read anew; past them a person is reading, and the server has enough to do */
const mostPages = 3;

const idOf = (row: DeviceRow) => row.device_id;

export interface DeviceQuestion {
  q: string;
  sort: readonly SortKey[];
  leaveOut: boolean;
}

/** `-LastSeen,DeviceName` as the API has it. */
export function sortParameter(sort: readonly SortKey[]): string[] {
  return sort.slice(0, 5).map(({ id, descending }) => (descending ? `-${id}` : id));
}

export function useDevices({ q, sort, leaveOut }: DeviceQuestion) {
  const request = useMemo(
    () => ({
      ...(q === "" ? {} : { q }),
      sort: sortParameter(sort),
      leave_out: leaveOut,
      limit: pageSize,
    }),
    [q, sort, leaveOut],
  );
  const list = useInfiniteQuery({
    queryKey: ["listDevices", request],
    queryFn: ({ pageParam, signal }) =>
      call(
        "listDevices",
        {
          query:
            pageParam === "" ? { ...request, counters: true } : { ...request, cursor: pageParam },
        },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) <= mostPages ? readAnew : false,
  });
  const found = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const { rows, hasMoved, settle } = useSteadyRows(
    found,
    list.data === undefined || list.isPlaceholderData ? null : JSON.stringify(request),
    idOf,
  );
  const first = list.data?.pages[0];
  return {
    list,
    rows,
    hasMoved,
    /** Lets the rows take their places */
    settle,
    total: first?.total ?? null,
    counters: first?.counters ?? null,
  };
}
