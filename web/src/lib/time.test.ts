import { expect, test } from "vitest";
import {
  clockText,
  dayText,
  durationText,
  instantOf,
  instantText,
  moved,
  rangeText,
  relativeText,
  ticksBetween,
  ticksOf,
  timeOfTicks,
  timeParts,
  zoneName,
} from "./time";
import { readInstant, readPeriod } from "./timeInput";

const at = "2026-11-17T09:12:33.0904127Z";

test("an instant keeps its seven digits through ticks", () => {
  const ticks = ticksOf(at);
  expect(ticks === null ? "" : timeOfTicks(ticks)).toBe(at);
  expect(timeOfTicks(-1n)).toBe("1969-12-31T23:59:59.9999999Z");
  expect(ticksOf("2026-02-31T00:00:00Z")).toBeNull();
  expect(ticksOf("yesterday")).toBeNull();
});

test("digits are shown as far as the source knew them", () => {
  expect(clockText(at, "utc")).toBe("09:12:33.090");
  expect(clockText(at, "utc", "full")).toBe("09:12:33.0904127");
  expect(clockText("2026-11-17T09:12:33.0000000Z", "utc")).toBe("09:12:33");
  expect(instantText(at, "utc", "s")).toBe("17 Nov 2026 09:12:33");
  expect(dayText(at, "utc")).toBe("Tuesday 17 November 2026");
});

test("durations read as two units at most", () => {
  const second = 10_000_000;
  expect(durationText(412 * 1_000_000)).toBe("41.2 s");
  expect(durationText(206 * second)).toBe("3 min 26 s");
  expect(durationText(7800 * second)).toBe("2 h 10 min");
  expect(durationText(76 * 3600 * second)).toBe("3 d 4 h");
  expect(durationText(45)).toBe("4.5 µs");
  expect(durationText(59.97 * second)).toBe("1 min");
  expect(durationText(0)).toBe("0 s");
});

test("ranges name a day once", () => {
  expect(rangeText("2026-11-17T06:00:00Z", "2026-11-17T12:00:00Z", "utc")).toBe(
    "17 Nov 2026, 06:00 to 12:00",
  );
  expect(rangeText("2026-10-04T10:00:00Z", "2026-11-03T09:00:00Z", "utc")).toBe(
    "4 Oct to 3 Nov 2026",
  );
  expect(rangeText("2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", "utc")).toBe(
    "31 Dec 2025, 23:00 to 1 Jan 2026, 01:00",
  );
});

test("age is told in the unit that matters, then as a date", () => {
  const now = Date.UTC(2026, 10, 17, 12, 0, 0);
  expect(relativeText("2026-11-17T11:59:20Z", "utc", now)).toBe("40 s ago");
  expect(relativeText("2026-11-17T08:30:00Z", "utc", now)).toBe("3 h ago");
  expect(relativeText("2026-11-16T22:14:00Z", "utc", now)).toBe("yesterday 22:14");
  expect(relativeText("2026-11-03T22:14:00Z", "utc", now)).toBe("3 Nov");
  expect(relativeText("2025-11-03T22:14:00Z", "utc", now)).toBe("3 Nov 2025");
});

test.each([
  ["17 Nov 9:12", "2026-11-17T09:12:00.0000000Z"],
  ["17 November 2025, 09:12:33.09", "2025-11-17T09:12:33.0900000Z"],
  ["Nov 17 9:12", "2026-11-17T09:12:00.0000000Z"],
  ["2026-11-17 09:12", "2026-11-17T09:12:00.0000000Z"],
  ["2026-11-17", "2026-11-17T00:00:00.0000000Z"],
  [at, at],
  ["-2h", "2026-11-18T08:00:00.0000000Z"],
  ["+1.5 min", "2026-11-18T10:01:30.0000000Z"],
  ["9:12", "2026-11-15T09:12:00.0000000Z"],
  ["yesterday 22:14", "2026-11-17T22:14:00.0000000Z"],
  ["now", "2026-11-18T10:00:00.0000000Z"],
])("%s is an instant", (text, instant) => {
  const context = {
    zone: "utc",
    now: "2026-11-18T10:00:00.0000000Z",
    near: "2026-11-15T20:00:00.0000000Z",
  } as const;
  expect(readInstant(text, context)).toBe(instant);
});

test.each(["", "31 Feb", "17/11/2026", "25:00", "9:61", "-2 years", "soon", "17 Foo 9:12"])(
  "%j names no instant",
  (text) => {
    expect(readInstant(text, { zone: "utc", now: at, near: at })).toBeNull();
  },
);

test("periods of links are read, and nothing else is", () => {
  expect(readPeriod("P30D")).toBe(30n * 864_000_000_000n);
  expect(readPeriod("PT6H")).toBe(6n * 36_000_000_000n);
  expect(readPeriod("P")).toBeNull();
  expect(readPeriod("PT")).toBeNull();
  expect(readPeriod("P0D")).toBeNull();
  expect(readPeriod("30D")).toBeNull();
});

test("instants move and measure in ticks", () => {
  expect(moved(at, 1n)).toBe("2026-11-17T09:12:33.0904128Z");
  expect(ticksBetween(at, "2026-11-17T09:12:34.0904128Z")).toBe(10_000_001);
});

test("a zone by its name, over its change to summer time", () => {
  const zone = "Europe/Bratislava";
  expect(instantText("2026-03-29T00:59:59.5000000Z", zone)).toBe("29 Mar 2026 01:59:59.500");
  expect(instantText("2026-03-29T01:00:00.0000000Z", zone)).toBe("29 Mar 2026 03:00:00");
  expect(zoneName(zone, "2026-07-01T00:00:00Z")).toBe("UTC+2");
  expect(zoneName("Asia/Kolkata", "2026-07-01T00:00:00Z")).toBe("UTC+5:30");
  expect(zoneName("America/New_York", "2026-01-01T00:00:00Z")).toBe("UTC−5");
  for (const time of ["2026-03-29T00:30:00.0000001Z", "2026-03-29T01:30:00.0000000Z"]) {
    const parts = timeParts(time, zone);
    expect(parts && instantOf(parts, zone)).toBe(time);
  }
  expect(zoneName("Nowhere/Else", "2026-01-01T00:00:00Z")).toBe("UTC");
});
