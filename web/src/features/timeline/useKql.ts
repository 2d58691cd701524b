// The rows shown, or what stands around an event, as a query in KQL on the clipboard.
import { useCallback } from "react";
import { call } from "@/api/call";
import type { TimelineRow } from "@/api/gen/api";
import { useUndoToast } from "@/components/UndoToast";
import { moved, ticksPerSecond } from "@/lib/time";
import { subjectOf } from "./trail";
import type { Range, Selection } from "./state";

export interface Kql {
  view: (selection: Selection, range: Range, order: "asc" | "desc") => void;
  /** All of the device that happened so many minutes before and after; null: the whole trail of its process */
  around: (row: TimelineRow, minutes: number | null) => void;
}

export function useKql(deviceId: string): Kql {
  const toast = useUndoToast();
  const copy = useCallback(
    async (asked: Selection & Partial<Range> & { order: "asc" | "desc" }, said: string) => {
      try {
        const text = await call("getTimelineQuery", {
          path: { device_id: deviceId },
          query: asked,
        });
        await navigator.clipboard.writeText(text.query);
        toast(said);
      } catch (error) {
        toast(
          `The query could not be copied: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    },
    [deviceId, toast],
  );
  const view = useCallback(
    (selection: Selection, range: Range, order: "asc" | "desc") => {
      void copy({ ...selection, from: range.from, to: range.to, order }, "Copied the view as KQL.");
    },
    [copy],
  );
  const around = useCallback(
    (row: TimelineRow, minutes: number | null) => {
      if (minutes === null) {
        const process = subjectOf(row);
        if (process === null) {
          toast("No process is recorded with this event, so it has no trail.");
          return;
        }
        void copy({ q: `trail:${process}`, order: "asc" }, "Copied the trail as KQL.");
        return;
      }
      const span = BigInt(minutes * 60 * ticksPerSecond);
      void copy(
        { from: moved(row.Timestamp, -span), to: moved(row.Timestamp, span), order: "asc" },
        `Copied ${spanWords(minutes)} around the event as KQL.`,
      );
    },
    [copy, toast],
  );
  return { view, around };
}

/** Spans that are offered around an event, in minutes. */
export const spans = [5, 30, 360] as const;

export function spanWords(minutes: number): string {
  return minutes < 60 ? `±${String(minutes)} min` : `±${String(minutes / 60)} h`;
}
