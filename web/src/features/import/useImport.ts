// One import as it goes on: asked for once, then followed by server-sent events until it ends.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { address, query } from "@/api/call";
import type { Import, ImportProgress } from "@/api/gen/api";
import { isEnded } from "./words";

const schema = z.object({
  sequence: z.number(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled", "purged", "interrupted"]),
  bytes_done: z.number(),
  bytes_total: z.number(),
  records: z.number(),
  file: z.string(),
  reason: z.string(),
}) satisfies z.ZodType<ImportProgress>;

/** Seconds over which the speed is told */
const span = 10;

interface Sample {
  at: number;
  bytes: number;
  records: number;
}

export interface Speed {
  /** A second */
  records: number;
  bytes: number;
  /** Seconds that are left; null where it cannot be told */
  left: number | null;
}

/** Speed over the newest samples; null before there is a second of them. */
export function speedOf(samples: readonly Sample[], total: number): Speed | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 1000) return null;
  const seconds = (last.at - first.at) / 1000;
  const bytes = (last.bytes - first.bytes) / seconds;
  return {
    records: Math.round((last.records - first.records) / seconds),
    bytes: Math.max(0, Math.round(bytes)),
    left: bytes > 0 && total > 0 ? Math.ceil((total - last.bytes) / bytes) : null,
  };
}

export function useImport(id: string) {
  const client = useQueryClient();
  const request = { path: { import_id: id } };
  const found = useQuery({
    ...query("getImport", request),
    staleTime: 5000,
    // Where events do not come through, asking takes their place.
    refetchInterval: ({ state }) =>
      state.data && isEnded(state.data.progress.state) ? false : 15_000,
  });
  const state = found.data?.progress.state;
  const follow = state !== undefined && !isEnded(state);
  const samples = useRef<Sample[]>([]);
  const [speed, setSpeed] = useState<Speed | null>(null);

  useEffect(() => {
    if (!follow) return;
    const events = new EventSource(address("followImport", { path: { import_id: id } }));
    const take = (event: MessageEvent<string>) => {
      let told: unknown;
      try {
        told = JSON.parse(event.data);
      } catch {
        return;
      }
      const read = schema.safeParse(told);
      if (!read.success) return;
      const progress = read.data;
      const now = Date.now();
      samples.current = [
        ...samples.current.filter(({ at }) => now - at < span * 1000),
        { at: now, bytes: progress.bytes_done, records: progress.records },
      ];
      setSpeed(speedOf(samples.current, progress.bytes_total));
      client.setQueryData<Import>(["getImport", { path: { import_id: id } }], (before) =>
        before && before.progress.sequence <= progress.sequence ? { ...before, progress } : before,
      );
      if (isEnded(progress.state)) {
        events.close();
        void client.invalidateQueries({ queryKey: ["listImports"] });
        void client.invalidateQueries({ queryKey: ["listDevices"] });
      }
    };
    events.addEventListener("progress", take);
    return () => {
      events.removeEventListener("progress", take);
      events.close();
    };
  }, [follow, id, client]);

  return { ...found, speed: follow ? speed : null };
}
