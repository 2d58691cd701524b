// The time axis of lifetimes: what it spans, its marks, zooming.
import { clockText, dateText, msOf, startOfDay, timeOfMs, type Zone } from "@/lib/time";

/** Milliseconds since 1970 */
export interface Span {
  from: number;
  to: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Length of an axis at least and at most (ms) */
const least = 2;
const most = 60 * 366 * day;
/** What an axis around a single instant shows (ms) */
const around = 30 * second;

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

const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 30, 90, 180, 365, 1826, 3652].map((count) => count * day),
];

export interface Tick {
  at: number;
  label: string;
}

/** Marks at round times of the zone's clock, about as many as asked for. */
export function ticksOf(span: Span, count: number, zone: Zone): Tick[] {
  const length = span.to - span.from;
  const step = steps.find((each) => length / each <= count) ?? 3652 * day;
  const first = msOf(startOfDay(timeOfMs(span.from), zone));
  const ticks: Tick[] = [];
  const begin = first + Math.ceil((span.from - first) / step) * step;
  for (let at = begin; at <= span.to; at += step) {
    ticks.push({ at, label: labelOf(at, step, length, zone) });
  }
  return ticks;
}

function labelOf(at: number, step: number, length: number, zone: Zone): string {
  const time = timeOfMs(at);
  const atMidnight = msOf(startOfDay(time, zone)) === at;
  if (step >= day || (atMidnight && step >= minute)) {
    const text = dateText(time, zone);
    return length > 300 * day ? text : text.replace(/ \d+$/, "");
  }
  if (step >= minute) return clockText(time, zone, "s").slice(0, 5);
  return clockText(time, zone, step >= second ? "s" : "ms");
}
