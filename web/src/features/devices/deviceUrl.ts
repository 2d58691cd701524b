// What the device list keeps in its address.
import { filterTerms } from "@/lib/filterText";
import { choice, defineUrl, sortKeys, text as words, word, yes } from "@/lib/urlState";

export const tabs = [
  { id: "all", label: "All", filter: "" },
  { id: "computers", label: "Computers", filter: "Kind:computer" },
  { id: "network", label: "Network", filter: "Kind:network" },
  { id: "iot", label: "IoT", filter: "Kind:iot" },
  { id: "uncategorised", label: "Uncategorised", filter: "Kind:uncategorised" },
] as const;

export type TabId = (typeof tabs)[number]["id"];

export const deviceUrl = defineUrl({
  tab: choice<TabId>(
    tabs.map(({ id }) => id),
    "all",
  ),
  q: words(),
  sort: sortKeys([{ id: "LastSeen", descending: true }]),
  cols: words(1500),
  /** Transient and excluded devices, which are left out otherwise */
  every: yes(),
  sel: word(/^[0-9a-f]{40}$/),
});

/** The filter of tab and bar together. */
export function wholeFilter(tab: TabId, q: string): string {
  const filter = tabs.find(({ id }) => id === tab)?.filter ?? "";
  return [filter, q.trim()].filter((part) => part !== "").join(" ");
}

/** Adds a term to a filter, or takes it out where it stands there. */
export function toggleTerm(q: string, term: string): string {
  const terms = filterTerms(q).map(({ text }) => text);
  return (terms.includes(term) ? terms.filter((part) => part !== term) : [...terms, term]).join(
    " ",
  );
}

export function hasTerm(q: string, term: string): boolean {
  return filterTerms(q).some(({ text }) => text === term);
}
