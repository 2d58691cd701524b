import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { dateText, moved, msOf } from "@/lib/time";
import { useCoverage } from "./coverage";

const bar = 3;
const gap = 1;
const height = 14;
const day = 864_000_000_000n;

/**
 * Thirty days as thirty bars: full for a day with events, a dot for one without. Of a device that was last seen
 * before them, its own last thirty days, in grey: nothing of it is about the present.
 */
export function CoverageSpark({ deviceId }: { deviceId: string }) {
  const { zone } = usePreferences().preferences;
  const coverage = useCoverage(deviceId);
  if (!coverage) return null;
  const { days, from } = coverage;
  const present = days.filter((count) => count > 0).length;
  const peak = Math.max(1, ...days);
  const last = moved(from, day * BigInt(Math.max(0, days.length - 1)));
  const isPast = Date.now() - msOf(last) > 2 * 86_400_000;
  const words = `Events on ${String(present)} of ${String(days.length)} days${
    isPast ? ` up to ${dateText(last, zone)}` : ""
  }`;
  return (
    <svg width={days.length * (bar + gap)} height={height} role="img" aria-label={words}>
      <title>{words}</title>
      {days.map((count, at) => {
        const tall = count === 0 ? 1 : Math.max(4, Math.round(height * Math.sqrt(count / peak)));
        return (
          <rect
            key={at}
            x={at * (bar + gap)}
            y={height - tall}
            width={bar}
            height={tall}
            fill={role(count === 0 ? "strokeAccessible" : isPast ? "kindFile" : "goodMark")}
          />
        );
      })}
    </svg>
  );
}
