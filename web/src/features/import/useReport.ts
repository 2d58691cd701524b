import { useQuery } from "@tanstack/react-query";
import { query } from "@/api/call";
import type { Import, ImportReport } from "@/api/gen/api";
import { isEnded } from "./words";

/** The report of an ended import; it never changes again. Null before its end, or where it has none. */
export function useReport(job: Import | undefined) {
  const ended = job !== undefined && isEnded(job.progress.state);
  const found = useQuery({
    ...query("getImportReport", { path: { import_id: job?.id ?? "" } }),
    enabled: ended,
    staleTime: Infinity,
  });
  // An import that failed before it began has an empty one.
  const report: ImportReport | null =
    ended && found.data && typeof found.data.records === "number" ? found.data : null;
  return { report, isPending: ended && found.isPending, error: found.error };
}
