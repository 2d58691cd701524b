import { role } from "@/app/theme";
import { useCoverage } from "./coverage";

const bar = 3;
const gap = 1;
const height = 14;

/** Thirty days as thirty bars: full for a day with events, a dot for one without. */
export function CoverageSpark({ deviceId }: { deviceId: string }) {
  const days = useCoverage(deviceId);
  if (!days) return null;
  const present = days.filter((count) => count > 0).length;
  const peak = Math.max(1, ...days);
  return (
    <svg
      width={days.length * (bar + gap)}
      height={height}
      role="img"
      aria-label={`Events on ${String(present)} of ${String(days.length)} days`}
    >
      <title>{`Events on ${String(present)} of ${String(days.length)} days`}</title>
      {days.map((count, day) => {
        const tall = count === 0 ? 1 : Math.max(4, Math.round(height * Math.sqrt(count / peak)));
        return (
          <rect
            key={day}
            x={day * (bar + gap)}
            y={height - tall}
            width={bar}
            height={tall}
            fill={role(count === 0 ? "strokeAccessible" : "goodMark")}
          />
        );
      })}
    </svg>
  );
}
