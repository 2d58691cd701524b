// A timeline without rows: says why, and what would give some.
import { DropHint } from "./DropHint";
import type { TimelineView } from "./view";
import { usePreferences } from "@/app/preferences";
import { StateBlock } from "@/components/StateBlock";
import { instantText, moved, rangeText, ticksPerSecond } from "@/lib/time";
import { countText } from "@/lib/amounts";

/** Around an instant: enough to see what happened there (100 ns) */
const around = BigInt(12 * 3600 * ticksPerSecond);

export function EmptyTimeline({ view }: { view: TimelineView }) {
  const { zone } = usePreferences().preferences;
  const { range, evidence, narrow, filters, device } = view;
  if (!range || !evidence || evidence.newest === null) {
    const sources = device.data?.evidence.map((each) => each.source) ?? [];
    return (
      <StateBlock
        kind="empty"
        title="No events from this device are stored."
        detail={
          device.data?.device.first_seen
            ? `First seen ${instantText(device.data.device.first_seen, zone, "s")}${sources.length > 0 ? `, in ${String(sources.length)} sources that tell of no event of its timeline` : ""}.`
            : ""
        }
      />
    );
  }
  const page = view.pages.data?.pages[0];
  const hidden = page?.hidden_after ?? 0;
  if (filters > 0 && (hidden > 0 || (view.count.data?.left_out ?? 0) > 0)) {
    const left = view.count.data?.left_out ?? hidden;
    return (
      <DropHint
        view={view}
        leftOut={`${left === 1 ? "1 event" : `${countText(left)} events`} of ${rangeText(range.from, range.to, zone)} ${left === 1 ? "is" : "are"} left out by them.`}
      />
    );
  }
  const before = page?.nearest_before ?? null;
  const after = page?.nearest_after ?? null;
  const nearest = [
    ...(before === null ? [] : [`${instantText(before, zone, "s")} (before)`]),
    ...(after === null ? [] : [`${instantText(after, zone, "s")} (after)`]),
  ].join(", ");
  const go = (time: string) => ({
    label: `Go to ${instantText(time, zone, "s")}`,
    onClick: () => {
      narrow({
        zoom: null,
        last: null,
        from: moved(time, -around),
        to: moved(time, around),
        sel: null,
      });
    },
  });
  return (
    <StateBlock
      kind="empty"
      title={`Nothing between ${rangeText(range.from, range.to, zone)}.`}
      detail={nearest === "" ? "" : `Nearest events: ${nearest}.`}
      {...(before === null ? {} : { action: go(before) })}
      {...(after === null ? {} : { second: go(after) })}
    />
  );
}
