// What a person chose for their own eyes: theme, density, clock, columns. It lives on the server (PreferencesSync);
// the browser keeps a copy, so that pages look right before anybody has signed in. Never part of a link.
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import type { MySettings, PageSettings } from "@/api/gen/api";
import { timeOfMs, type NamedZone, type Zone } from "@/lib/time";
import { readSettings, writeSettings, type KeptSettings } from "./keptSettings";
import type { Mode } from "./theme";

export type { Zone };

export type ThemeChoice = "system" | Mode;
export type Density = "by_page" | "dense" | "compact" | "comfortable";

export interface Preferences {
  theme: ThemeChoice;
  density: Density;
  /** Whose clock times are shown by */
  clock: "utc" | "mine";
  /** The person's own zone; empty: that of the browser */
  ownZone: NamedZone | "";
  /** Single-key shortcuts of grids (WCAG 2.1.4) */
  singleKeys: boolean;
}

interface Held {
  preferences: Preferences & { readonly zone: Zone };
  change: (part: Partial<Preferences>) => void;
  /** How a person set a page up; undefined as long as nothing was chosen */
  page: (name: string) => PageSettings | undefined;
  changePage: (name: string, part: Omit<PageSettings, "page">) => void;
  /** The theme in force */
  mode: Mode;
  /** The copy of this browser, and how what the server keeps takes its place */
  kept: KeptSettings;
  keep: (next: KeptSettings) => void;
}

function preferencesOf(settings: MySettings): Held["preferences"] {
  const ownZone = (settings.zone_name ?? "") as NamedZone | "";
  const clock = settings.time_zone === "local" ? "mine" : "utc";
  return {
    theme: settings.theme ?? "system",
    density: settings.density ?? "by_page",
    clock,
    ownZone,
    singleKeys: settings.single_keys ?? true,
    zone: clock === "utc" ? "utc" : ownZone === "" ? "local" : ownZone,
  };
}

function settingsOf(part: Partial<Preferences>): MySettings {
  return {
    ...(part.theme === undefined ? {} : { theme: part.theme }),
    ...(part.density === undefined ? {} : { density: part.density }),
    ...(part.clock === undefined ? {} : { time_zone: part.clock === "utc" ? "utc" : "local" }),
    ...(part.ownZone === undefined ? {} : { zone_name: part.ownZone }),
    ...(part.singleKeys === undefined ? {} : { single_keys: part.singleKeys }),
  };
}

const none: KeptSettings = { owner: "", settings: {}, isSent: true };

const Context = createContext<Held>({
  preferences: preferencesOf({}),
  change: () => undefined,
  page: () => undefined,
  changePage: () => undefined,
  mode: "light",
  kept: none,
  keep: () => undefined,
});

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useState(readSettings);
  const [systemDark, setSystemDark] = useState(false);

  useEffect(() => {
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    const listen = () => {
      setSystemDark(media.matches);
    };
    listen();
    media.addEventListener("change", listen);
    return () => {
      media.removeEventListener("change", listen);
    };
  }, []);

  const change = useCallback((of: (settings: MySettings) => MySettings) => {
    setKept((before) => {
      const settings = { ...of(before.settings), changed: timeOfMs(Date.now()) };
      return writeSettings({ ...before, settings, isSent: false });
    });
  }, []);

  const preferences = useMemo(() => preferencesOf(kept.settings), [kept.settings]);
  const { theme } = preferences;
  const mode: Mode = theme === "system" ? (systemDark ? "dark" : "light") : theme;

  const held = useMemo<Held>(
    () => ({
      preferences,
      mode,
      kept,
      keep: (next) => {
        setKept(writeSettings(next));
      },
      change: (part) => {
        change((before) => ({ ...before, ...settingsOf(part) }));
      },
      page: (name) => kept.settings.pages?.find(({ page }) => page === name),
      changePage: (name, part) => {
        change((before) => {
          const pages = before.pages ?? [];
          const now = pages.find(({ page }) => page === name) ?? { page: name };
          const others = pages.filter(({ page }) => page !== name);
          return { ...before, pages: [...others, { ...now, ...part }] };
        });
      },
    }),
    [preferences, mode, kept, change],
  );
  return <Context.Provider value={held}>{children}</Context.Provider>;
}

export function usePreferences(): Held {
  return useContext(Context);
}
