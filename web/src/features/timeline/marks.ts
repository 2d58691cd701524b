// Flags and notes on events: shown at once, taken back where the server refuses, with a way back.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { call } from "@/api/call";
import type { TimelineRow } from "@/api/gen/api";
import { useUndoToast } from "@/components/UndoToast";
import { asFlag, type FlagColour } from "./columns";
import { patchRow } from "./pages";

const plural = (count: number) => (count === 1 ? "" : ` ${String(count)} events`);

export interface Marks {
  /** null takes the flag away */
  flag: (rows: readonly TimelineRow[], colour: FlagColour | null) => Promise<void>;
  /** Flags in the last colour, or takes away what is there */
  toggle: (rows: readonly TimelineRow[]) => Promise<void>;
  /** An empty text takes the note away */
  note: (row: TimelineRow, text: string) => Promise<void>;
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

export function useMarks(deviceId: string): Marks {
  const client = useQueryClient();
  const toast = useUndoToast();
  const last = useRef<FlagColour>("red");

  const put = useCallback(
    async (row: TimelineRow, colour: FlagColour | null) => {
      const path = { device_id: deviceId, event_id: row.EventId };
      const before = row.flag;
      patchRow(client, deviceId, row.EventId, { flag: colour ?? "" });
      try {
        if (colour === null) await call("removeFlag", { path });
        else await call("setFlag", { path, body: { colour } });
      } catch (error) {
        patchRow(client, deviceId, row.EventId, { flag: before });
        throw error;
      }
      void client.invalidateQueries({ queryKey: ["getTimelineOverview"] });
      void client.invalidateQueries({ queryKey: ["getEvent", { path }] });
    },
    [client, deviceId],
  );

  const putAll = useCallback(
    async (changes: readonly { row: TimelineRow; colour: FlagColour | null }[]) => {
      const results = await Promise.allSettled(changes.map(({ row, colour }) => put(row, colour)));
      const failed = results.find((result) => result.status === "rejected");
      if (failed) {
        toast(`The flag could not be saved: ${message(failed.reason)} It is as it was before.`);
      }
      return failed === undefined;
    },
    [put, toast],
  );

  const flag = useCallback(
    async (rows: readonly TimelineRow[], colour: FlagColour | null) => {
      const changed = rows.filter((row) => !row.is_technique && row.flag !== (colour ?? ""));
      if (changed.length === 0) return;
      if (colour !== null) last.current = colour;
      const saved = await putAll(changed.map((row) => ({ row, colour })));
      if (!saved) return;
      const said =
        colour === null
          ? `Took the flag away${changed.length === 1 ? "" : ` from${plural(changed.length)}`}`
          : `Flagged${plural(changed.length)} ${colour}`;
      toast(`${said}.`, async () => {
        await putAll(
          changed.map((row) => ({ row: { ...row, flag: colour ?? "" }, colour: asFlag(row.flag) })),
        );
      });
    },
    [putAll, toast],
  );

  const toggle = useCallback(
    (rows: readonly TimelineRow[]) =>
      flag(rows, rows.every((row) => row.flag !== "") ? null : last.current),
    [flag],
  );

  const note = useCallback(
    async (row: TimelineRow, text: string) => {
      const path = { device_id: deviceId, event_id: row.EventId };
      patchRow(client, deviceId, row.EventId, { has_note: text !== "" });
      const refresh = () => {
        void client.invalidateQueries({ queryKey: ["listNoteVersions", { path }] });
        void client.invalidateQueries({ queryKey: ["getEvent", { path }] });
      };
      try {
        const change =
          text === ""
            ? await call("removeNote", { path })
            : await call("setNote", { path, body: { text } });
        refresh();
        toast(text === "" ? "Removed the note." : "Saved the note.", async () => {
          if (change.replaced === "") await call("removeNote", { path });
          else await call("setNote", { path, body: { text: change.replaced } });
          patchRow(client, deviceId, row.EventId, { has_note: change.replaced !== "" });
          refresh();
        });
      } catch (error) {
        patchRow(client, deviceId, row.EventId, { has_note: row.has_note });
        toast(`The note could not be saved: ${message(error)}`);
      }
    },
    [client, deviceId, toast],
  );

  return { flag, toggle, note };
}
