import { expect, test } from "vitest";
import { axisTicks, fullBars, heights, placeOf, timeAt } from "./timeAxis";

const hour = 36_000_000_000;
const overview = {
  from: "2026-11-17T06:20:00.0000000Z",
  to: "2026-11-17T12:00:00.0000000Z",
  step: hour,
  bars: [{ start: "2026-11-17T08:00:00.0000000Z", counts: [1, 2] }],
};

test("bars stand on whole steps that hold the range, empty ones too", () => {
  const full = fullBars(overview);
  expect(full?.counts).toHaveLength(6);
  expect(full?.counts[2]).toEqual([1, 2]);
  const axis = full?.axis ?? { from: 0n, to: 1n };
  expect(timeAt(0, axis)).toBe("2026-11-17T06:00:00.0000000Z");
  expect(placeOf("2026-11-17T09:00:00Z", axis)).toBeCloseTo(0.5);
  expect(fullBars({ ...overview, to: overview.from })).toBeNull();
});

test("ticks are round instants, days by their date", () => {
  const axis = fullBars(overview)?.axis ?? { from: 0n, to: 1n };
  expect(axisTicks(axis, "utc", 8).map((tick) => tick.label)).toEqual([
    "06:00",
    "07:00",
    "08:00",
    "09:00",
    "10:00",
    "11:00",
  ]);
  const days = fullBars({
    from: "2026-11-16T12:00:00Z",
    to: "2026-11-19T12:00:00Z",
    step: 12 * hour,
    bars: [],
  });
  expect(axisTicks(days?.axis ?? axis, "utc", 4).map((tick) => tick.label)).toEqual([
    "17 Nov",
    "18 Nov",
    "19 Nov",
  ]);
});

test("the parts of a bar add up to its height on both scales", () => {
  expect(heights([1, 3], 16, false)).toEqual([1 / 16, 3 / 16]);
  const [one = 0, other = 0] = heights([1, 3], 16, true);
  expect(one + other).toBeCloseTo(0.5);
  expect(heights([0, 0], 16, true)).toEqual([0, 0]);
});
