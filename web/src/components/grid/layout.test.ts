import { expect, test } from "vitest";
import { defaultLayout, formatLayout, moved, parseLayout, resized } from "./layout";
import type { Column } from "./types";

const columns: Column<null>[] = [
  { id: "mark", header: "Mark", width: 24, fixed: true, cell: () => null },
  { id: "time", header: "Time", width: 98, cell: () => null },
  { id: "event", header: "Event", width: 320, flex: true, cell: () => null },
];

test("a layout survives its way through a link", () => {
  const layout = resized(defaultLayout(columns), "time", 120);
  expect(formatLayout(layout, columns)).toBe("mark,time:120,event");
  expect(parseLayout("mark,time:120,event", columns)).toEqual(layout);
});

test("a link with unknown, doubled or absurd columns keeps what can be shown", () => {
  expect(parseLayout("nothing,time:1,time:90,event:x", columns)).toEqual([
    { id: "time", width: 40 },
    { id: "event", width: 320 },
  ]);
  expect(parseLayout("nothing", columns)).toBeNull();
});

test("columns move past one another, but not past fixed ones", () => {
  const layout = defaultLayout(columns);
  const fixed = new Set(["mark"]);
  expect(moved(layout, "event", -1, fixed).map(({ id }) => id)).toEqual(["mark", "event", "time"]);
  expect(moved(layout, "time", -1, fixed)).toBe(layout);
  expect(moved(layout, "event", 1, fixed)).toBe(layout);
});
