// Reads the tree and what its processes did.
import { keepPreviousData, useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { query } from "@/api/call";
import type { ProcessTree, TimelineOverview, TimelinePage } from "@/api/gen/api";
import { timeOfMs } from "@/lib/time";
import type { Span } from "./axis";
import { linksOf, type ProcessLink } from "./links";
import { gather, type Act } from "./lives";
import { askedFor, makeForest, type Forest } from "./outline";

/** Processes that a tree asks for at most: of a device, and around one process */
export const mostOfDevice = 5000;
const mostOfFamily = 2000;
/** Generations below the asked process */
const firstDepth = 3;
/** Processes whose acts are asked for in one go */
const chunk = 60;
/** Rows of an answer */
const mostRows = 500;

export interface Reading {
  isPending: boolean;
  error: Error | null;
  retry: () => void;
}

export interface TreeReading {
  first: UseQueryResult<ProcessTree>;
  forest: Forest | null;
  /** Of what was unfolded and had to be read for it, by its id */
  readings: ReadonlyMap<string, Reading>;
}

const asTheyAre = (results: UseQueryResult<ProcessTree>[]) => results;

export function useTree(
  deviceId: string,
  process: string | null,
  open: readonly string[],
): TreeReading {
  const path = { device_id: deviceId };
  const first = useQuery({
    ...query("getProcesses", {
      path,
      query:
        process === null
          ? { most: mostOfDevice, acts: true }
          : { process, depth: firstDepth, most: mostOfFamily, siblings: true, acts: true },
    }),
    retry: false,
    staleTime: 60_000,
  });
  const ids = useMemo(() => open.filter((id) => askedFor(id) !== null), [open]);
  const more = useQueries({
    queries: ids.map((id) => ({
      ...query("getProcesses", {
        path,
        query: { ...(askedFor(id) ?? { process: "0", depth: 0 }), most: mostOfFamily, acts: true },
      }),
      retry: false,
      staleTime: 60_000,
    })),
    combine: asTheyAre,
  });
  const forest = useMemo(() => {
    if (!first.data) return null;
    const read = ids.flatMap((id, index) => {
      const tree = more[index]?.data;
      return tree ? [{ id, tree }] : [];
    });
    return makeForest(first.data, read, process === null);
  }, [first.data, ids, more, process]);
  const readings = new Map<string, Reading>();
  ids.forEach((id, index) => {
    const result = more[index];
    if (result) {
      readings.set(id, {
        isPending: result.isPending,
        error: result.error,
        retry: () => void result.refetch(),
      });
    }
  });
  return { first, forest, readings };
}

export interface Acts {
  byProcess: ReadonlyMap<string, readonly Act[]>;
  links: readonly ProcessLink[];
  /** Not all acts were read */
  isCut: boolean;
}

/** What processes did, as far as a few pages of rows tell; asked for in groups of neighbours. */
export function useActs(deviceId: string, keys: readonly string[]): Acts {
  const groups: string[][] = [];
  for (let at = 0; at < keys.length; at += chunk) groups.push(keys.slice(at, at + chunk));
  return useQueries({
    queries: groups
      .map((group) => `InitiatingProcessKey:${group.join(",")} -ActionType:ProcessCreated`)
      .map((q) => ({
        ...query("getTimeline", {
          path: { device_id: deviceId },
          query: { q, limit: mostRows, start: "oldest" as const },
        }),
        staleTime: 300_000,
        retry: false,
      })),
    combine: combineActs,
  });
}

function combineActs(results: UseQueryResult<TimelinePage>[]): Acts {
  const rows = results.flatMap(({ data }) => data?.items ?? []);
  return {
    byProcess: gather(rows),
    links: linksOf(rows),
    isCut: results.some(({ data }) => data !== undefined && data.next !== null),
  };
}

const nothing: TimelineOverview["coverage"] = [];

/** What was recorded, and what not, over a span; nothing until it is known. */
export function useCoverage(deviceId: string, span: Span | null): TimelineOverview["coverage"] {
  const { data } = useQuery({
    ...query("getTimelineOverview", {
      path: { device_id: deviceId },
      // Its bars are not drawn here: as few as there can be.
      query: span ? { from: timeOfMs(span.from), to: timeOfMs(span.to), bars: 10 } : {},
    }),
    enabled: span !== null,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
    retry: false,
  });
  return data?.coverage ?? nothing;
}
