import { expect, test } from "vitest";
import { msOf } from "@/lib/time";
import { marksOf, placeOf, readZoom, scaled, spanOf, writeZoom } from "./axis";

const at = (clock: string) => msOf(`2026-11-17T${clock}Z`);

test("a span holds all instants with a margin, one instant half a minute around it", () => {
  expect(spanOf([at("09:10:00"), NaN, at("09:20:00")])).toEqual({
    from: at("09:09:36"),
    to: at("09:20:24"),
  });
  expect(spanOf([at("09:10:00")])).toEqual({ from: at("09:09:30"), to: at("09:10:30") });
  expect(spanOf([NaN])).toBeNull();
});

test("zooming keeps the fixed instant where it is", () => {
  const span = { from: at("09:00:00"), to: at("10:00:00") };
  const shorter = scaled(span, 0.5, at("09:15:00"));
  expect(shorter.to - shorter.from).toBe(30 * 60_000);
  expect(placeOf(shorter, at("09:15:00"))).toBeCloseTo(placeOf(span, at("09:15:00")));
  expect(scaled({ from: 0, to: 2 }, 0.5, 0)).toEqual({ from: 0, to: 2 });
});

test("the address takes a span and gives it back; what is none is none", () => {
  const span = { from: at("09:00:00"), to: at("10:00:00") };
  expect(readZoom(writeZoom(span))).toEqual(span);
  expect(readZoom("2026-11-17T10:00:00Z..2026-11-17T09:00:00Z")).toBeNull();
  expect(readZoom("a..b")).toBeNull();
  expect(readZoom(null)).toBeNull();
});

test("marks stand at round times", () => {
  const marks = marksOf({ from: at("09:11:20"), to: at("09:19:00") }, 8, "utc");
  expect(marks.map(({ label }) => label).slice(0, 3)).toEqual(["09:12", "09:13", "09:14"]);
});
