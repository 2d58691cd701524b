// How imports are spoken of.
import type { Import, ImportProgress, ImportReport, ImportState } from "@/api/gen/api";
import type { JobState } from "@/components/JobProgress";
import type { Status } from "@/components/StatusDot";
import { counted } from "@/lib/amounts";
import { durationText, ticksPerSecond } from "@/lib/time";

export function isEnded(state: ImportState): boolean {
  return state !== "queued" && state !== "running";
}

export function startedBy({ owner }: Pick<Import, "owner">): string {
  return owner === "" ? "command line" : owner;
}

/** Words and dot of a state; a report, where there is one, makes them more exact. */
export function stateOf(
  progress: ImportProgress,
  report?: ImportReport | null,
): { text: string; status: Status; bar: JobState } {
  switch (progress.state) {
    case "queued":
      return { text: "Waiting", status: "none", bar: "waiting" };
    case "running":
      return { text: "Running", status: "running", bar: "running" };
    case "failed":
      return { text: "Failed", status: "bad", bar: "failed" };
    case "cancelled":
      return { text: "Stopped", status: "warning", bar: "stopped" };
    case "interrupted":
      return { text: "Cut off", status: "warning", bar: "stopped" };
    case "purged":
      return { text: "Removed", status: "none", bar: "stopped" };
    case "done":
      if (report && report.error_count > 0) {
        const text = `Done, ${counted(report.error_count, "error")}`;
        return { text, status: "warning", bar: "done" };
      }
      if (report && report.records > 0 && report.records === report.duplicates) {
        return { text: "Already here", status: "none", bar: "done" };
      }
      return { text: "Done", status: "good", bar: "done" };
  }
}

/** `41.2 s` */
export function secondsText(seconds: number): string {
  return durationText(Math.round(seconds * ticksPerSecond));
}
