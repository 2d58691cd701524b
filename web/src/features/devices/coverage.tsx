// Events a day of the devices in the list, asked for a hundred devices at a time.
import { useQueries } from "@tanstack/react-query";
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { query } from "@/api/call";
import type { DeviceCoverageRow, DeviceRow } from "@/api/gen/api";

const Context = createContext<ReadonlyMap<string, DeviceCoverageRow>>(new Map());

/** Devices that one call may name */
const most = 100;

function chunks(ids: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += most) parts.push(ids.slice(at, at + most));
  return parts;
}

export function CoverageProvider({
  rows,
  shown,
  children,
}: {
  rows: readonly DeviceRow[];
  /** Nothing is asked while no column shows it */
  shown: boolean;
  children: ReactNode;
}) {
  const parts = useMemo(() => chunks(shown ? rows.map((row) => row.device_id) : []), [rows, shown]);
  const days = useQueries({
    queries: parts.map((devices) => ({
      ...query("listDeviceCoverage", { query: { devices } }),
      staleTime: 300_000,
    })),
    combine: (answers) => answers.flatMap(({ data }): DeviceCoverageRow[] => data?.items ?? []),
  });
  const byId = useMemo(() => new Map(days.map((row) => [row.device_id, row])), [days]);
  return <Context.Provider value={byId}>{children}</Context.Provider>;
}

/** Events a day, oldest first; null as long as they are not known. */
export function useCoverage(deviceId: string): DeviceCoverageRow | null {
  return useContext(Context).get(deviceId) ?? null;
}
