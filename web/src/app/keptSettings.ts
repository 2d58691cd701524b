// The copy of a person's settings in this browser.
import type { MySettings } from "@/api/gen/api";

export interface KeptSettings {
  /** Id of the person whose they are; empty where nobody has signed in yet */
  owner: string;
  settings: MySettings;
  /** False: changed here, and the server does not know it yet */
  isSent: boolean;
}

const key = "spoor.settings";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value);
const listOf =
  (check: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);
/** Members that are not named do not count; those that are must be right, or absent where `?` ends their name. */
const shaped =
  (members: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(members).every(([name, check]) => {
      const member = (value as Record<string, unknown>)[name.replace("?", "")];
      return member === undefined ? name.endsWith("?") : check(member);
    });

// By hand, not by zod as elsewhere: every page loads this, and zod would be a tenth of what it loads.
const checks: Record<keyof MySettings, Check> = {
  time_zone: oneOf("utc", "local"),
  zone_name: isText,
  theme: oneOf("system", "light", "dark"),
  density: oneOf("by_page", "dense", "compact", "comfortable"),
  single_keys: (value) => typeof value === "boolean",
  keys: listOf(shaped({ action: isText, key: isText }), 500),
  pages: listOf(
    shaped({
      page: isText,
      "columns?": listOf(
        shaped({ name: isText, "width?": (value) => typeof value === "number" }),
        60,
      ),
      "sort?": listOf(isText, 5),
    }),
    50,
  ),
  changed: (value) => value === null || isText(value),
};

/** What of it is right; the rest falls back to what it is without settings. */
function soundSettings(given: unknown): MySettings {
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => name in checks && checks[name as keyof MySettings](value),
    ),
  );
}

export function readSettings(): KeptSettings {
  let read: unknown = null;
  try {
    read = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    // What cannot be read is as if nothing were kept.
  }
  const { owner, settings, isSent } = (read ?? {}) as Record<string, unknown>;
  return {
    owner: typeof owner === "string" ? owner : "",
    settings: soundSettings(settings),
    isSent: isSent !== false,
  };
}

export function writeSettings(next: KeptSettings): KeptSettings {
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // A browser without storage keeps them until the page is left; the server keeps them anyway.
  }
  return next;
}
