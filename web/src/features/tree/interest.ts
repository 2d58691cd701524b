// Which processes are worth a row: all, those that most devices do not run, those with a signal.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { query } from "@/api/call";
import type { Forest } from "./outline";

export const interests = ["all", "uncommon", "signals"] as const;
export type Interest = (typeof interests)[number];

/** Names of files that start on more than 80 % of the devices with starts. */
const commonNames = [
  "let devices = toscalar(DeviceProcessEvents | summarize dcount(DeviceId));",
  'DeviceProcessEvents | where ActionType == "ProcessCreated"',
  "| summarize Devices = dcount(DeviceId) by Name = tolower(FileName)",
  "| where devices > 4 and Devices * 10 > devices * 8 | project Name",
].join(" ");

/** Undefined as long as they are not known. */
export function useCommonNames(isAsked: boolean): ReadonlySet<string> | undefined {
  const { data } = useQuery({
    ...query("runQuery", { body: { query: commonNames, max_rows: 5000, max_seconds: 30 } }),
    enabled: isAsked,
    staleTime: 600_000,
    retry: false,
  });
  return useMemo(
    () => data && new Set(data.rows.flatMap(([name]) => (typeof name === "string" ? [name] : []))),
    [data],
  );
}

/** Something was recognised in what it did, or it reached into another process. */
function hasSignal(forest: Forest, key: string): boolean {
  return (forest.nodes.get(key)?.acts?.techniques.length ?? 0) > 0;
}

/** Processes to keep: those of interest, `always`, and the paths that lead to them; null for all. */
export function keptProcesses(
  forest: Forest,
  interest: Interest,
  common: ReadonlySet<string> | undefined,
  linked: ReadonlySet<string>,
  always: readonly (string | null)[],
): ReadonlySet<string> | null {
  if (interest === "all" || (interest === "uncommon" && !common)) return null;
  const kept = new Set<string>();
  const keep = (start: string) => {
    for (let key = start; forest.nodes.has(key) && !kept.has(key);) {
      kept.add(key);
      key = forest.nodes.get(key)?.ParentKey ?? "";
    }
  };
  for (const [key, node] of forest.nodes) {
    const signal = hasSignal(forest, key) || linked.has(key);
    if (signal || (interest === "uncommon" && !common?.has(node.FileName.toLowerCase()))) keep(key);
  }
  for (const key of always) if (key !== null) keep(key);
  return kept;
}
