// A list of the API page by page: what has been read so far, and how to read on.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call, type Answer, type Request } from "@/api/call";
import type { Operations } from "@/api/gen/api";

interface Page<T> {
  items: T[];
  next: string | null;
}

type ListName = {
  [N in keyof Operations]: Answer<N> extends Page<unknown> ? N : never;
}[keyof Operations];

type Item<N extends ListName> = Answer<N> extends Page<infer T> ? T : never;

export interface ListOptions<N extends ListName> {
  enabled?: boolean;
  /** Milliseconds to the next look, told from what is there; false for none */
  again?: (items: readonly Item<N>[]) => number | false;
}

/** Reads a list; `more` reads the next page, where there is one. */
export function useList<N extends ListName>(
  name: N,
  request: Request<N>,
  { enabled = true, again }: ListOptions<N> = {},
) {
  const found = useInfiniteQuery({
    queryKey: [name, request, "pages"],
    queryFn: async ({ pageParam, signal }) => {
      const { query = {} } = request as { query?: object };
      const cursor = pageParam === null ? {} : { cursor: pageParam };
      const page = await call(name, { ...request, query: { ...query, ...cursor } }, signal);
      return page as unknown as Page<Item<N>>;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled,
    refetchInterval: ({ state }) =>
      again && state.data ? again(state.data.pages.flatMap((page) => page.items)) : false,
  });
  const items = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = found;
  return {
    items,
    error: found.error,
    isPending: found.isPending,
    isWhole: found.data !== undefined && !hasNextPage,
    refetch: () => void found.refetch(),
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}
