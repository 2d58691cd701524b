// The time axis of lifetimes: what it spans, its marks, zooming.
import { msOf, timeOfMs, type Zone } from "@/lib/time";
import { axisTicks, type Tick } from "@/lib/timeAxis";

/** Milliseconds since 1970 */
export interface Span {
  from: number;
  to: number;
}

/** Length of an axis at least and at most (ms) */
const least = 2;
const most = 60 * 366 * 86_400_000;
/** What an axis around a single instant shows (ms) */
const around = 30_000;

/** The span of some instants with a margin; null where none is known. */
export function spanOf(instants: readonly number[]): Span | null {
  let from = Infinity;
  let to = -Infinity;
  for (const at of instants) {
    if (!Number.isFinite(at)) continue;
    from = Math.min(from, at);
    to = Math.max(to, at);
  }
  if (from > to) return null;
  const margin = from === to ? around : (to - from) * 0.04;
  return { from: from - margin, to: to + margin };
}

/** The span made longer (factor > 1) or shorter; `fixed` keeps its place. */
export function scaled(span: Span, factor: number, fixed: number): Span {
  const length = span.to - span.from;
  const wanted = Math.min(most, Math.max(least, length * factor));
  const at = Math.min(span.to, Math.max(span.from, fixed));
  const share = (at - span.from) / length;
  const from = at - wanted * share;
  return { from, to: from + wanted };
}

export function readZoom(text: string | null): Span | null {
  const [from = "", to = ""] = (text ?? "").split("..");
  const span = { from: msOf(from), to: msOf(to) };
  return span.to - span.from >= least ? span : null;
}

export function writeZoom(span: Span): string {
  return `${timeOfMs(span.from)}..${timeOfMs(span.to)}`;
}

/** Place on the axis in per cent; outside of 0 to 100 where it is not on it. */
export function placeOf(span: Span, at: number): number {
  return ((at - span.from) / (span.to - span.from)) * 100;
}

/** Marks at round times of the zone's clock, at most so many. */
export function marksOf(span: Span, most: number, zone: Zone): Tick[] {
  const ticks = (ms: number) => BigInt(Math.round(ms * 10)) * 1000n;
  return axisTicks({ from: ticks(span.from), to: ticks(span.to) }, zone, most);
}
