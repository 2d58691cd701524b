// A timeline that its filters leave without rows: which one to drop, and what that would give.
import { useQueries } from "@tanstack/react-query";
import { query } from "@/api/call";
import { StateBlock } from "@/components/StateBlock";
import { countText } from "@/lib/amounts";
import { filterTerms } from "@/lib/filterText";
import { spoken } from "@/lib/hostile";
import { groupNamed } from "@/lib/sentence";
import { selectionOf, withGroup, type TimelineState } from "./state";
import type { TimelineView } from "./view";

type Filters = Pick<TimelineState, "q" | "g" | "type" | "flag">;

export interface Drop {
  /** The filter by its words */
  name: string;
  /** The filters without it */
  rest: Filters;
}

/** Filters that are tried at most; each is a count */
const mostTried = 8;

/** Each filter that could be dropped. */
export function drops({ q, g, type, flag }: Filters): Drop[] {
  const all = { q, g, type, flag };
  const terms = filterTerms(q);
  return [
    ...terms.map(({ text }, at) => ({
      name: spoken(text).slice(0, 80),
      rest: {
        ...all,
        q: terms
          .filter((_, index) => index !== at)
          .map((term) => term.text)
          .join(" "),
      },
    })),
    ...g.map((group) => {
      const name = group.replace(/^-/, "");
      return {
        name: `${group.startsWith("-") ? "not " : ""}${groupNamed(name).label}`,
        rest: { ...all, g: withGroup(g, name, "drop") },
      };
    }),
    ...(type === "all"
      ? []
      : [{ name: "Alerts and techniques", rest: { ...all, type: "all" as const } }]),
    ...(flag === null
      ? []
      : [{ name: flag === "any" ? "Flagged" : `Flagged ${flag}`, rest: { ...all, flag: null } }]),
  ].slice(0, mostTried);
}

export function DropHint({ view, leftOut }: { view: TimelineView; leftOut: string }) {
  const { state, narrow, deviceId, range } = view;
  const found = drops(state);
  const counts = useQueries({
    queries: found.map(({ rest }) =>
      query("countTimeline", {
        path: { device_id: deviceId },
        query: { ...selectionOf(rest), ...(range ? { from: range.from, to: range.to } : {}) },
      }),
    ),
  });
  const clear = {
    label: "Clear the filters",
    onClick: () => {
      narrow({ q: "", g: [], type: "all", flag: null });
    },
  };
  const [best] = found
    .map((drop, at) => ({ drop, rows: counts[at]?.data?.rows ?? 0 }))
    .filter(({ rows }) => rows > 0)
    .sort((one, other) => other.rows - one.rows);
  if (!best || found.length === 1) {
    return (
      <StateBlock
        kind="empty"
        title="No event matches these filters."
        detail={leftOut}
        action={clear}
      />
    );
  }
  const rows = best.rows === 1 ? "1 event" : `${countText(best.rows)} events`;
  return (
    <StateBlock
      kind="empty"
      title="No event matches these filters."
      detail={`${leftOut} Without “${best.drop.name}” there would be ${rows}.`}
      action={{
        label: `Drop “${best.drop.name.slice(0, 40)}”`,
        onClick: () => {
          narrow(best.drop.rest);
        },
      }}
      second={clear}
    />
  );
}
