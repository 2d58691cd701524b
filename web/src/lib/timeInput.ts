// What people type for an instant: "17 Nov 9:12", "-2h", "9:12:33.09", "yesterday 22:14", or the full text.
import { instantOf, moved, startOfDay, ticksOf, timeOfTicks, timeParts, type Zone } from "./time";

export interface TimeContext {
  zone: Zone;
  /** What "now" and "-2h" count from */
  now: string;
  /** The day of a bare clock time, and the year of a date without one */
  near: string;
}

const units: Record<string, bigint> = {
  s: 10_000_000n,
  min: 600_000_000n,
  m: 600_000_000n,
  h: 36_000_000_000n,
  d: 864_000_000_000n,
  w: 6_048_000_000_000n,
};

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,7}))?)?$/;
const date = /^(\d{1,2})\.? ([a-z]{3,9})\.?(?:,? (\d{4}))?,?(?: (.*))?$/;
const monthFirst = /^([a-z]{3,9})\.? (\d{1,2})(?:,? (\d{4}))?,?(?: (.*))?$/;
const isoDate = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t](.*))?$/;
const offset = /^([+\-−]) ?(\d{1,6}(?:\.\d{1,3})?) ?(s|min|m|h|d|w)$/;

interface Clock {
  hour: number;
  minute: number;
  second: number;
  fraction: string;
}

const midnight: Clock = { hour: 0, minute: 0, second: 0, fraction: "0000000" };

function readClock(text: string | undefined): Clock | null {
  if (text === undefined || text === "") return midnight;
  const match = clock.exec(text);
  if (!match) return null;
  const [, hour, minute, second = "0", fraction = ""] = match;
  const read = {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction: fraction.padEnd(7, "0"),
  };
  return read.hour < 24 && read.minute < 60 && read.second < 60 ? read : null;
}

function readDate(
  day: number,
  month: number,
  year: number,
  rest: string | undefined,
  zone: Zone,
): string | null {
  const time = readClock(rest);
  if (!time || month < 0 || month > 11 || year < 1601) return null;
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  if (day < 1 || day > days) return null;
  return instantOf({ year, month, day, ...time }, zone);
}

const monthOf = (name: string) => monthNames.indexOf(name.slice(0, 3));

/** The instant that a text names; null where it names none. */
export function readInstant(text: string, context: TimeContext): string | null {
  const { zone, now, near } = context;
  const trimmed = text.trim();
  const exact = /[tT].*[zZ]$/.test(trimmed) ? ticksOf(trimmed.toUpperCase()) : null;
  if (exact !== null) return timeOfTicks(exact);
  const input = trimmed.toLowerCase().replace(/\s+/g, " ");
  if (input === "") return null;
  if (input === "now") return now;

  const relative = offset.exec(input);
  if (relative) {
    const [, sign, amount = "0", unit = "s"] = relative;
    const [whole = "0", fraction = ""] = amount.split(".");
    const size = units[unit] ?? 0n;
    const ticks = BigInt(whole) * size + (BigInt(fraction.padEnd(3, "0")) * size) / 1000n;
    return moved(now, sign === "+" ? ticks : -ticks);
  }
  const nearParts = timeParts(near, zone);
  if (!nearParts) return null;

  const bare = clock.test(input) ? readClock(input) : null;
  if (bare) return instantOf({ ...nearParts, ...bare }, zone);

  const named = /^(today|yesterday)(?: (.*))?$/.exec(input);
  if (named) {
    const start = startOfDay(now, zone);
    const day = named[1] === "today" ? start : startOfDay(moved(start, -36_000_000_000n), zone);
    const time = readClock(named[2]);
    const parts = timeParts(day, zone);
    return time && parts ? instantOf({ ...parts, ...time }, zone) : null;
  }
  const byIso = isoDate.exec(input);
  if (byIso) {
    const [, year, month, day, rest] = byIso;
    return readDate(Number(day), Number(month) - 1, Number(year), rest, zone);
  }
  const byDay = date.exec(input);
  if (byDay) {
    const [, day, month = "", year = String(nearParts.year), rest] = byDay;
    return readDate(Number(day), monthOf(month), Number(year), rest, zone);
  }
  const byMonth = monthFirst.exec(input);
  if (byMonth) {
    const [, month = "", day, year = String(nearParts.year), rest] = byMonth;
    return readDate(Number(day), monthOf(month), Number(year), rest, zone);
  }
  return null;
}

/** Ticks of an ISO 8601 duration as links have it (`P30D`, `PT6H`); null where it is none. */
export function readPeriod(text: string): bigint | null {
  const match =
    /^P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/.exec(
      text,
    );
  if (!match || text.endsWith("P") || text.endsWith("T")) return null;
  const names = ["w", "d", "h", "min", "s"];
  let sum = 0n;
  match.slice(1).forEach((count, index) => {
    if (count !== undefined) sum += BigInt(count) * (units[names[index] ?? ""] ?? 0n);
  });
  return sum > 0n ? sum : null;
}
