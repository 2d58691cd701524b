// The copy of a person's settings in this browser.
import { z } from "zod";
import type { MySettings } from "@/api/gen/api";

export interface KeptSettings {
  /** Id of the person whose they are; empty where nobody has signed in yet */
  owner: string;
  settings: MySettings;
  /** False: changed here, and the server does not know it yet */
  isSent: boolean;
}

const key = "spoor.settings";

const page = z.object({
  page: z.string(),
  columns: z
    .array(z.object({ name: z.string(), width: z.number().optional() }))
    .max(60)
    .optional(),
  sort: z.array(z.string()).max(5).optional(),
});

const kept = z.object({
  owner: z.string().catch(""),
  isSent: z.boolean().catch(true),
  settings: z
    .object({
      time_zone: z.enum(["utc", "local"]).optional().catch(undefined),
      zone_name: z.string().max(64).optional().catch(undefined),
      theme: z.enum(["system", "light", "dark"]).optional().catch(undefined),
      density: z.enum(["by_page", "dense", "compact", "comfortable"]).optional().catch(undefined),
      single_keys: z.boolean().optional().catch(undefined),
      keys: z
        .array(z.object({ action: z.string(), key: z.string() }))
        .optional()
        .catch(undefined),
      pages: z.array(page).max(50).optional().catch(undefined),
      changed: z.string().nullable().optional().catch(undefined),
    })
    .catch({}),
});

export function readSettings(): KeptSettings {
  try {
    const read = kept.safeParse(JSON.parse(localStorage.getItem(key) ?? "{}"));
    // Absent members are left out, as the API has them.
    return read.success
      ? (JSON.parse(JSON.stringify(read.data)) as KeptSettings)
      : { owner: "", settings: {}, isSent: true };
  } catch {
    return { owner: "", settings: {}, isSent: true };
  }
}

export function writeSettings(next: KeptSettings): KeptSettings {
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // A browser without storage keeps them until the page is left; the server keeps them anyway.
  }
  return next;
}
