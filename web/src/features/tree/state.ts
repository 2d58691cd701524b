// What the tree's page shows, as it stands in the address.
import { choice, defineUrl, list, text, word, yes } from "@/lib/urlState";
import { interests } from "./interest";

/** Entries of `open` and `shut` at most: what a person unfolds by hand, and what a search does */
const mostFolds = 300;

export const treeUrl = defineUrl({
  /** Process that the tree is of; all of the device without */
  proc: word(/^\d{1,20}$/),
  sel: word(/^\d{1,20}$/),
  q: text(200),
  /** from..to of the axis; as wide as the family without */
  zoom: word(/^[0-9TZ:.-]{10,30}\.\.[0-9TZ:.-]{10,30}$/),
  /** Unfolded, and folded, where the page would have it otherwise; ids of outline.ts */
  open: list(mostFolds),
  shut: list(mostFolds),
  dock: yes(true),
  interest: choice(interests, "all"),
});

export type TreeState = { [K in keyof typeof treeUrl]: (typeof treeUrl)[K]["fallback"] };

/** Address of a device's timeline with a filter, over all of its time. */
export function timelineLink(deviceId: string, filter: string, selected?: string): string {
  const query = new URLSearchParams({ last: "all", q: filter });
  if (selected !== undefined) query.set("sel", selected);
  return `/devices/${deviceId}/timeline?v=1&${query.toString()}`;
}

/** Address of a tree. */
export function treeLink(deviceId: string, process: string | null): string {
  return process === null
    ? `/devices/${deviceId}/tree`
    : `/devices/${deviceId}/tree?v=1&proc=${process}`;
}
