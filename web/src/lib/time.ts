// Instants to 100 ns: how they read, how far apart they are. Times travel as text ("2026-11-17T09:12:33.0904127Z").

/** A zone by its name: Europe/Bratislava. */
export type NamedZone = `${string}/${string}`;

/** The clock that a person reads by; `local` is that of the browser. */
export type Zone = "utc" | "local" | NamedZone;

/** 100 ns steps in a second */
export const ticksPerSecond = 10_000_000;

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7})\d*)?)?Z?)?$/;

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const longMonths =
  "January February March April May June July August September October November December".split(
    " ",
  );
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** Ticks since 1970 of an instant in UTC; null where the text is none. */
export function ticksOf(time: string): bigint | null {
  const match = iso.exec(time);
  if (!match) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = ""] = match;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const date = new Date(ms);
  // Refuses what Date would carry over, such as the 31st of February.
  if (date.getUTCDate() !== Number(day) || date.getUTCHours() !== Number(hour)) return null;
  return BigInt(ms) * 10_000n + BigInt(fraction.padEnd(7, "0"));
}

/** Text of an instant given in ticks since 1970, with seven digits. */
export function timeOfTicks(ticks: bigint): string {
  const second = ticks / 10_000_000n - (ticks % 10_000_000n < 0n ? 1n : 0n);
  const rest = ticks - second * 10_000_000n;
  const head = new Date(Number(second) * 1000).toISOString().slice(0, 19);
  return `${head}.${rest.toString().padStart(7, "0")}Z`;
}

/** Milliseconds since 1970, for axes; what it loses is below a millisecond. */
export function msOf(time: string): number {
  const ticks = ticksOf(time);
  return ticks === null ? NaN : Number(ticks / 10_000n);
}

export function timeOfMs(ms: number): string {
  return timeOfTicks(BigInt(Math.round(ms)) * 10_000n);
}

/** `time` moved by so many ticks. */
export function moved(time: string, ticks: bigint): string {
  const at = ticksOf(time);
  return at === null ? time : timeOfTicks(at + ticks);
}

/** Ticks from one instant to another; 0 where one is not an instant. */
export function ticksBetween(from: string, to: string): number {
  const first = ticksOf(from);
  const last = ticksOf(to);
  return first === null || last === null ? 0 : Number(last - first);
}

const quarter = 900_000;
const mostOffsets = 20_000;
const offsets = new Map<string, number>();
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Minutes by which the clock of the zone is ahead of UTC at an instant (milliseconds since 1970). */
export function minutesAhead(zone: Zone, ms: number): number {
  if (zone === "utc" || !Number.isFinite(ms)) return 0;
  if (zone === "local") return -new Date(ms).getTimezoneOffset();
  // Zones change at whole quarters of an hour; asking the browser for each time would be slow.
  const part = Math.floor(ms / quarter);
  const key = `${zone} ${String(part)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size > mostOffsets) offsets.clear();
  const found = askClock(zone, part * quarter);
  offsets.set(key, found);
  return found;
}

function askClock(zone: NamedZone, ms: number): number {
  let clock = clocks.get(zone);
  try {
    clock ??= new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return 0; // A zone that this browser does not know.
  }
  clocks.set(zone, clock);
  const name = clock.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}

export interface TimeParts {
  year: number;
  /** From 0 */
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
  /** Seven digits */
  fraction: string;
}

/** What a clock and a calendar in the zone show; null where the text is no instant. */
export function timeParts(time: string, zone: Zone): TimeParts | null {
  const ticks = ticksOf(time);
  if (ticks === null) return null;
  const text = timeOfTicks(ticks);
  const fraction = text.slice(20, 27);
  const at = Date.parse(`${text.slice(0, 19)}Z`);
  const date = new Date(at + minutesAhead(zone, at) * 60_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction,
  };
}

const two = (value: number) => String(value).padStart(2, "0");

/** `UTC` or `UTC+1`, `UTC−5:30`: the zone at an instant. */
export function zoneName(zone: Zone, time: string): string {
  const minutes = minutesAhead(zone, msOf(time));
  if (!Number.isFinite(minutes) || minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? "" : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? "−" : "+"}${String(Math.floor(size / 60))}${rest}`;
}

/** `09:12:33.090`; without digits where the source knew the second alone; `full` gives all seven. */
export function clockText(time: string, zone: Zone, precision: "s" | "ms" | "full" = "ms"): string {
  const parts = timeParts(time, zone);
  if (!parts) return "";
  const clock = `${two(parts.hour)}:${two(parts.minute)}:${two(parts.second)}`;
  if (precision === "s" || parts.fraction === "0000000") return clock;
  return `${clock}.${precision === "ms" ? parts.fraction.slice(0, 3) : parts.fraction}`;
}

/** `17 Nov 2026`; without the year where it is `year`. */
export function dateText(time: string, zone: Zone, year?: number): string {
  const parts = timeParts(time, zone);
  if (!parts) return "";
  const day = `${String(parts.day)} ${months[parts.month] ?? ""}`;
  return parts.year === year ? day : `${day} ${String(parts.year)}`;
}

/** `Tuesday 17 November 2026` */
export function dayText(time: string, zone: Zone): string {
  const parts = timeParts(time, zone);
  if (!parts) return "";
  return `${weekdays[parts.weekday] ?? ""} ${String(parts.day)} ${longMonths[parts.month] ?? ""} ${String(parts.year)}`;
}

/** The day as a key: two instants of one day in the zone have the same. */
export function dayKey(time: string, zone: Zone): string {
  const parts = timeParts(time, zone);
  return parts ? `${String(parts.year)}-${two(parts.month + 1)}-${two(parts.day)}` : "";
}

/** `17 Nov 2026 09:12:33.090` */
export function instantText(
  time: string,
  zone: Zone,
  precision: "s" | "ms" | "full" = "ms",
): string {
  return `${dateText(time, zone)} ${clockText(time, zone, precision)}`;
}

/** `17 Nov, 06:00 to 12:00`, or with both dates where they differ. */
export function rangeText(from: string, to: string, zone: Zone): string {
  const minute = (time: string) => clockText(time, zone, "s").slice(0, 5);
  const now = timeParts(to, zone);
  if (dayKey(from, zone) === dayKey(to, zone)) {
    const [first, last] = [minute(from), minute(to)];
    if (first === last) {
      return `${dateText(from, zone)}, ${clockText(from, zone, "s")} to ${clockText(to, zone, "s")}`;
    }
    return `${dateText(from, zone)}, ${first} to ${last}`;
  }
  const first = timeParts(from, zone)?.year === now?.year ? now?.year : undefined;
  const atMidnight = [from, to].every((time) => minute(time) === "00:00");
  const part = (time: string, year?: number) =>
    atMidnight || ticksBetween(from, to) > 7 * 86400 * ticksPerSecond
      ? dateText(time, zone, year)
      : `${dateText(time, zone, year)}, ${minute(time)}`;
  return `${part(from, first)} to ${part(to)}`;
}

/** `41.2 s`, `3 min 26 s`, `2 h 10 min`, `3 d 4 h`, `120 ms`, `4.5 µs`. */
export function durationText(ticks: number): string {
  if (!Number.isFinite(ticks)) return "";
  const sign = ticks < 0 ? "−" : "";
  const size = Math.abs(ticks);
  const seconds = size / ticksPerSecond;
  const short = (value: number) =>
    value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
  if (size === 0) return "0 s";
  if (seconds < 0.001) return `${sign}${short(seconds * 1e6)} µs`;
  if (seconds < 1) return `${sign}${short(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${sign}${String(Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  const pair = (big: number, bigName: string, small: number, smallName: string) =>
    `${sign}${String(big)} ${bigName}${small > 0 ? ` ${String(small)} ${smallName}` : ""}`;
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.floor(whole / 3600);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** `40 s ago`, `3 h ago`, `yesterday 22:14`, then the date. */
export function relativeText(time: string, zone: Zone, now: number = Date.now()): string {
  const at = msOf(time);
  if (Number.isNaN(at)) return "";
  const seconds = Math.floor((now - at) / 1000);
  if (seconds < -60) return instantText(time, zone, "s");
  if (seconds < 1) return "now";
  if (seconds < 60) return `${String(seconds)} s ago`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ago`;
  const clock = clockText(time, zone, "s").slice(0, 5);
  const today = timeOfMs(now);
  if (dayKey(time, zone) === dayKey(today, zone) || seconds < 6 * 3600) {
    return `${String(Math.floor(seconds / 3600))} h ago`;
  }
  if (dayKey(time, zone) === dayKey(timeOfMs(now - 86400_000), zone)) return `yesterday ${clock}`;
  return dateText(time, zone, timeParts(today, zone)?.year);
}

/** Midnight that begins the day of an instant. */
export function startOfDay(time: string, zone: Zone): string {
  const parts = timeParts(time, zone);
  if (!parts) return time;
  return instantOf({ ...parts, hour: 0, minute: 0, second: 0, fraction: "0000000" }, zone);
}

/** The instant at which clock and calendar of the zone show the parts. */
export function instantOf(parts: Omit<TimeParts, "weekday">, zone: Zone): string {
  const { year, month, day, hour, minute, second, fraction } = parts;
  const shown = Date.UTC(year, month, day, hour, minute, second);
  // Twice: the offset at the instant itself decides where the clock changes between the two.
  const near = shown - minutesAhead(zone, shown) * 60_000;
  const ms = shown - minutesAhead(zone, near) * 60_000;
  return timeOfTicks(BigInt(ms) * 10_000n + BigInt(fraction.padEnd(7, "0")));
}
