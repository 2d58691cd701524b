import { expect, test, vi } from "vitest";
import { columnField, rowText, tableText } from "./exports";
import { at, row } from "./fixture";
import { pressed, sought, type KeyActs } from "./keys";

function acts() {
  const made = new Map<string, ReturnType<typeof vi.fn>>();
  return new Proxy({} as KeyActs, {
    get: (_, name: string) => {
      const held = made.get(name) ?? vi.fn(() => true);
      made.set(name, held);
      return held;
    },
  });
}

const key = (text: string, ctrlKey = false) => ({
  key: text,
  ctrlKey,
  metaKey: false,
  altKey: false,
  shiftKey: false,
});

test("single keys mean something with a row, and nothing where they are turned off", () => {
  const made = acts();
  expect(pressed(key("f"), row(), null, true, made)).toBe(true);
  expect(made.flag).toHaveBeenCalledWith(expect.anything(), "toggle");
  expect(pressed(key("3"), row(), null, true, made)).toBe(true);
  expect(made.flag).toHaveBeenLastCalledWith(expect.anything(), "green");
  expect(pressed(key("f"), null, null, true, made)).toBe(false);
  expect(pressed(key("f"), row(), null, false, made)).toBe(false);
  expect(pressed(key("f", true), row(), null, true, made)).toBe(false);
});

test("Escape and Ctrl keys work where single keys are turned off", () => {
  const made = acts();
  expect(pressed(key("Escape"), null, null, false, made)).toBe(true);
  expect(pressed(key("a", true), null, null, false, made)).toBe(true);
  expect(pressed(key("c", true), null, null, false, made)).toBe(true);
  expect(made.selectAll).toHaveBeenCalledOnce();
  expect(made.copyTable).toHaveBeenCalledOnce();
});

test("the next row of a kind is found from the active one on", () => {
  const lines = ["", "red", "", "blue"].map((flag, index) => ({
    kind: "event" as const,
    id: String(index),
    row: row({ EventId: String(index), flag }),
    before: null,
    folded: [],
    asked: false,
  }));
  const flagged = (each: { flag: string }) => each.flag !== "";
  expect(sought(lines, "1", 1, flagged)?.id).toBe("3");
  expect(sought(lines, "1", -1, flagged)).toBeNull();
  expect(sought(lines, null, -1, flagged)?.id).toBe("3");
});

test("rows are copied as text and as a table that no program runs", () => {
  const one = row({ Timestamp: at(0), Account: "=1+1" });
  expect(rowText(one, "FIN-LT-0417")).toBe(`${at(0)}  FIN-LT-0417  a.exe started b.exe -x`);
  const table = tableText([one, one], ["flag", "time", "account"], { device: "D", q: "x" });
  expect(table.split("\n")).toEqual([
    `${at(0)}\t'=1+1`,
    `${at(0)}\t'=1+1`,
    "# D, times in UTC, filter: x",
  ]);
});

test("columns name the field that only and exclude work on", () => {
  expect(columnField(row(), "account")).toEqual(["Account", "MACHINE\\mira"]);
  expect(columnField(row(), "event")).toEqual(["ActionType", "ProcessCreated"]);
  expect(columnField(row(), "time")).toBeNull();
});
