import { usePreferences } from "@/app/preferences";
import { clockText, dateText, instantText, relativeText, zoneName } from "@/lib/time";

export interface InstantProps {
  /** UTC with up to seven digits; null: not known */
  time: string | null;
  precision?: "ms" | "full";
  /** The date in front of the clock */
  dateToo?: boolean;
  /** As an age: `3 h ago` */
  relative?: boolean;
}

/** An instant on the person's clock; all of its digits in UTC on hover. */
export function Instant({
  time,
  precision = "ms",
  dateToo = false,
  relative = false,
}: InstantProps) {
  const { zone } = usePreferences().preferences;
  if (time === null || time === "") return <span>not known</span>;
  const title =
    zone === "utc"
      ? `${instantText(time, "utc", "full")} UTC`
      : `${instantText(time, "utc", "full")} UTC; ${instantText(time, zone, "full")} ${zoneName(zone, time)}`;
  const shown = relative
    ? relativeText(time, zone)
    : dateToo
      ? `${dateText(time, zone)} ${clockText(time, zone, precision)}`
      : clockText(time, zone, precision);
  return (
    <time dateTime={time} title={title}>
      {shown === "" ? "not known" : shown}
    </time>
  );
}
