// What a person chose for their own eyes: theme, density, time zone. Kept in the browser, never in a link.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Zone } from "@/lib/time";
import type { Mode } from "./theme";

export type { Zone };

export type ThemeChoice = "system" | Mode;
export type Density = "dense" | "compact" | "comfortable";

export interface Preferences {
  theme: ThemeChoice;
  density: Density;
  zone: Zone;
  /** Single-key shortcuts of grids (WCAG 2.1.4) */
  singleKeys: boolean;
}

const defaults: Preferences = {
  theme: "system",
  density: "compact",
  zone: "utc",
  singleKeys: true,
};
const key = "spoor.preferences";

interface Held {
  preferences: Preferences;
  change: (part: Partial<Preferences>) => void;
  /** The theme in force */
  mode: Mode;
}

const Context = createContext<Held>({
  preferences: defaults,
  change: () => undefined,
  mode: "light",
});

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof stored === "object" && stored !== null ? { ...defaults, ...stored } : defaults;
  } catch {
    return defaults;
  }
}

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(read);
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

  const mode: Mode =
    preferences.theme === "system" ? (systemDark ? "dark" : "light") : preferences.theme;

  const held = useMemo<Held>(
    () => ({
      preferences,
      mode,
      change: (part) => {
        setPreferences((before) => {
          const after = { ...before, ...part };
          try {
            localStorage.setItem(key, JSON.stringify(after));
          } catch {
            // A browser without storage keeps the choice until the page is left.
          }
          return after;
        });
      },
    }),
    [preferences, mode],
  );
  return <Context.Provider value={held}>{children}</Context.Provider>;
}

export function usePreferences(): Held {
  return useContext(Context);
}
