// What the command palette knows beside devices: pages and acts, by permission.
import { sections } from "@/features/settings/sections";
import { areas } from "./areas";

export interface Command {
  id: string;
  label: string;
  /** Where it leads; absent for an act */
  to?: string;
  act?: () => void;
}

/** The pages that this person may open. */
export function pages(may: (permission: string) => boolean): Command[] {
  const open = ({ permission }: { permission: string | null }) =>
    permission === null || may(permission);
  return [
    ...areas
      .filter(open)
      .map(({ path, label }) => ({ id: path, label: `Go to ${label}`, to: path })),
    ...sections.filter(open).map(({ id, label }) => ({
      id: `/settings/${id}`,
      label: `Settings: ${label}`,
      to: `/settings/${id}`,
    })),
  ];
}

/** Those that have all typed words in their label; labels that begin with the text first. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const text = typed.trim().toLowerCase();
  const words = text.split(/\s+/).filter((word) => word !== "");
  const rank = ({ label }: Command) => {
    const low = label.toLowerCase();
    if (low.startsWith(text)) return 0;
    return low.split(/[\s:]+/).some((part) => part.startsWith(text)) ? 1 : 2;
  };
  return commands
    .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
    .map((command, at) => ({ command, at, rank: rank(command) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ command }) => command);
}

/** What is typed as a filter of the device list; text that could be read as more becomes a phrase. */
export function deviceFilter(typed: string): string {
  const text = typed.trim();
  return /^[A-Za-z0-9][\w.]*$/.test(text) ? text : `"${text.replace(/["\\]/g, " ").trim()}"`;
}
