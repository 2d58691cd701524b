// The list of devices, page by page.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "@/api/call";
import type { SortKey } from "@/components/grid";

/** Rows that one call brings */
const pageSize = 200;

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
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const first = list.data?.pages[0];
  return { list, rows, total: first?.total ?? null, counters: first?.counters ?? null };
}
