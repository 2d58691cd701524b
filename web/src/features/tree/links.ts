// What processes did to other processes (threads, opened memory), as lines between their rows.
import type { TimelineRow } from "@/api/gen/api";
import { msOf } from "@/lib/time";
import type { Line } from "./outline";

export interface ProcessLink {
  /** Who acted, and on whom: process keys */
  from: string;
  to: string;
  /** Milliseconds since 1970, of the first time */
  at: number;
  count: number;
  words: string;
}

const wordsOf: Record<string, string> = {
  CreateRemoteThreadApiCall: "remote thread",
  OpenProcessApiCall: "opened memory",
  ProcessTampering: "changed image",
};

/** Links that are drawn; past them the axis would be a hatching */
const mostLinks = 40;

/** One link for each pair and kind of act, the earliest first. */
export function linksOf(rows: readonly TimelineRow[]): ProcessLink[] {
  const links = new Map<string, ProcessLink>();
  for (const row of rows) {
    const words = wordsOf[row.ActionType];
    const { InitiatingProcessKey: from, ProcessKey: to } = row;
    if (words === undefined || row.is_technique || from === to || from === "0" || to === "0") {
      continue;
    }
    const at = msOf(row.Timestamp);
    const key = `${from} ${to} ${words}`;
    const known = links.get(key);
    if (known) {
      known.count += 1;
      known.at = Math.min(known.at, at);
    } else links.set(key, { from, to, at, count: 1, words });
  }
  return [...links.values()].sort((a, b) => a.at - b.at);
}

/** What a row's lane draws of a link: its end, its arrow head, or the line that passes. */
export interface LinkPart {
  link: ProcessLink;
  part: "from" | "to" | "through";
  /** The other row lies below */
  isDown: boolean;
}

/** Parts by the id of the line; a link of which one end is folded away is not drawn. */
export function linkParts(
  lines: readonly Line[],
  links: readonly ProcessLink[],
): ReadonlyMap<string, readonly LinkPart[]> {
  const place = new Map(lines.map(({ id }, at) => [id, at]));
  const parts = new Map<string, LinkPart[]>();
  const put = (at: number, part: LinkPart) => {
    const id = lines[at]?.id;
    if (id === undefined) return;
    const there = parts.get(id);
    if (there) there.push(part);
    else parts.set(id, [part]);
  };
  const shown = links.filter(({ from, to }) => place.has(from) && place.has(to));
  for (const link of shown.slice(0, mostLinks)) {
    const from = place.get(link.from) ?? 0;
    const to = place.get(link.to) ?? 0;
    const isDown = from < to;
    put(from, { link, part: "from", isDown });
    put(to, { link, part: "to", isDown: !isDown });
    for (let at = Math.min(from, to) + 1; at < Math.max(from, to); at += 1) {
      put(at, { link, part: "through", isDown });
    }
  }
  return parts;
}
