import { expect, test } from "vitest";
import { row } from "./fixture";
import { subjectOf, trailMarks, trailOf } from "./trail";

// 1 started 2 (Word), 2 started 3 (PowerShell), 3 connected, 3 started 4, 4 wrote a file, 9 is another.
const rows = [
  row({ EventId: "a", ProcessKey: "9", InitiatingProcessKey: "1" }),
  row({ EventId: "b", ProcessKey: "2", InitiatingProcessKey: "1" }),
  row({ EventId: "c", ProcessKey: "3", InitiatingProcessKey: "2", Ancestors: ["1"] }),
  row({ EventId: "d", InitiatingProcessKey: "9", Ancestors: ["1"] }),
  row({ EventId: "e", InitiatingProcessKey: "3", Ancestors: ["2", "1"] }),
  row({ EventId: "f", ProcessKey: "4", InitiatingProcessKey: "3", Ancestors: ["2", "1"] }),
  row({ EventId: "g", InitiatingProcessKey: "4", Ancestors: ["3", "2", "1"] }),
  row({ EventId: "h", InitiatingProcessKey: "9", Ancestors: ["1"] }),
];

test("a row tells of the process that it begins, else of the one that acted", () => {
  expect(rows.map(subjectOf)).toEqual(["9", "2", "3", "9", "3", "4", "4", "9"]);
  const opened = row({
    ActionType: "OpenProcessApiCall",
    ProcessKey: "7",
    InitiatingProcessKey: "4",
  });
  expect(subjectOf(opened)).toBe("4");
  expect(subjectOf(row())).toBeNull();
});

test("the trail runs through what a process came from and led to", () => {
  const selected = rows[2] ?? row();
  expect(trailMarks(rows, trailOf(selected), 2)).toEqual([
    "none",
    "ancestor",
    "self",
    "pass",
    "act",
    "descendant",
    "descendant",
    "none",
  ]);
});

test("without a process there is no trail", () => {
  expect(trailOf(row())).toBeNull();
  expect(trailMarks(rows, null, -1).every((mark) => mark === "none")).toBe(true);
});
