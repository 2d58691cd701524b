// An axis of time: its ends on whole steps, its ticks on round instants, places on it.
import {
  clockText,
  dateText,
  minutesAhead,
  ticksOf,
  timeOfTicks,
  timeParts,
  type Zone,
} from "./time";

export interface TimeAxis {
  /** Ticks since 1970 */
  from: bigint;
  to: bigint;
}

export interface BarsOf {
  from: string;
  to: string;
  /** 100 ns */
  step: number;
  bars: readonly { start: string; counts: readonly number[] }[];
}

export interface FullBars {
  axis: TimeAxis;
  /** One a step, also where nothing happened */
  counts: readonly (readonly number[])[];
}

/** Bars of all steps between the ends, those without events too; the axis ends on whole steps. */
export function fullBars({ from, to, step, bars }: BarsOf): FullBars | null {
  const first = ticksOf(from);
  const last = ticksOf(to);
  const size = BigInt(Math.round(step));
  if (first === null || last === null || size <= 0n || last <= first) return null;
  const known = bars.flatMap((bar) => {
    const start = ticksOf(bar.start);
    return start === null ? [] : [{ start, counts: bar.counts }];
  });
  // Steps are counted from where the server's bars stand.
  const origin = known[0]?.start ?? first;
  const below = (at: bigint) => {
    const rest = (at - origin) % size;
    return at - (rest < 0n ? rest + size : rest);
  };
  const start = below(first);
  const end = below(last - 1n) + size;
  const count = Number((end - start) / size);
  if (count > 2000) return null;
  const counts: (readonly number[])[] = Array.from({ length: count }, () => []);
  for (const bar of known) {
    const at = Number((bar.start - start) / size);
    if (at >= 0 && at < count) counts[at] = bar.counts;
  }
  return { axis: { from: start, to: end }, counts };
}

/** Place of an instant, 0 at the beginning and 1 at the end; outside of that where it is outside. */
export function placeOf(time: string, axis: TimeAxis): number {
  const at = ticksOf(time);
  return at === null ? NaN : Number(at - axis.from) / Number(axis.to - axis.from);
}

export function timeAt(place: number, axis: TimeAxis): string {
  const span = Number(axis.to - axis.from);
  const held = Math.min(1, Math.max(0, place));
  return timeOfTicks(axis.from + BigInt(Math.round(held * span)));
}

const second = 10_000_000;
const day = 86_400 * second;
const steps = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 10_800, 21_600, 43_200,
].map((seconds) => seconds * second);
const daySteps = [1, 2, 7, 14].map((days) => days * day);
const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120];

export interface Tick {
  place: number;
  label: string;
}

/** Round instants on the axis, at most so many. */
export function axisTicks(axis: TimeAxis, zone: Zone, most: number): Tick[] {
  const span = Number(axis.to - axis.from);
  const size = [...steps, ...daySteps].find((step) => span / step <= most);
  const out: Tick[] = [];
  const push = (ticks: bigint, label: string) => {
    const place = Number(ticks - axis.from) / span;
    if (place >= 0 && place < 1) out.push({ place, label });
  };
  const startText = timeOfTicks(axis.from);
  const year = timeParts(timeOfTicks(axis.to), zone)?.year;
  if (size !== undefined) {
    const width = BigInt(Math.round(size));
    // Round in the person's own clock.
    const shift =
      zone === "utc"
        ? 0n
        : BigInt(minutesAhead(zone, Date.parse(startText.slice(0, 19) + "Z"))) * 600_000_000n;
    let at = ((axis.from + shift) / width) * width - shift;
    for (; at < axis.to; at += width) {
      const text = timeOfTicks(at);
      const clock = clockText(text, zone, "ms");
      const isMidnight = clock === "00:00:00";
      const label =
        size >= day || isMidnight
          ? dateText(text, zone, year)
          : size >= 60 * second
            ? clock.slice(0, 5)
            : clock;
      push(at, label);
    }
    return out;
  }
  const months = span / (30.4 * day);
  const by = monthSteps.find((count) => months / count <= most) ?? 240;
  const start = timeParts(startText, zone);
  if (!start) return out;
  const firstMonth = start.year * 12 + Math.floor(start.month / by) * by;
  for (let month = firstMonth; ; month += by) {
    const time = new Date(Date.UTC(Math.floor(month / 12), month % 12, 1)).toISOString();
    const ticks = ticksOf(time.slice(0, 19) + "Z");
    if (ticks === null || ticks >= axis.to) break;
    const text = dateText(timeOfTicks(ticks), "utc");
    push(ticks, by >= 12 ? text.slice(-4) : text.slice(text.indexOf(" ") + 1));
  }
  return out;
}

/** Heights of the parts of a stacked bar, 0 to 1, where `square` bends the scale for their sum. */
export function heights(counts: readonly number[], peak: number, square: boolean): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  if (sum === 0 || peak <= 0) return counts.map(() => 0);
  const whole = square ? Math.sqrt(sum / peak) : sum / peak;
  return counts.map((count) => (count / sum) * whole);
}
