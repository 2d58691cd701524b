import { expect, test } from "vitest";
import type { ProcessNode } from "@/api/gen/api";
import { keptProcesses } from "./interest";
import { makeForest } from "./outline";

const node = (key: string, parent: string, name: string, techniques: string[] = []) =>
  ({
    ProcessKey: key,
    ParentKey: parent,
    FileName: name,
    ProcessId: Number(key),
    depth: 0,
    acts: { techniques },
  }) as unknown as ProcessNode;

const forest = makeForest(
  {
    items: [
      node("1", "0", "explorer.exe"),
      node("2", "1", "cmd.exe"),
      node("3", "2", "evil.exe", ["T1055"]),
      node("4", "1", "svchost.exe"),
      node("5", "4", "odd.exe"),
    ],
    folds: [],
    truncated: false,
    known_descendants: null,
  },
  [],
);
const kept = (...of: Parameters<typeof keptProcesses>) => {
  const found = keptProcesses(...of);
  return found && [...found].sort();
};
const none = new Set<string>();

test("signals keep their path to the root, and whatever is looked at", () => {
  expect(kept(forest, "signals", undefined, none, [null])).toEqual(["1", "2", "3"]);
  expect(kept(forest, "signals", undefined, none, ["4"])).toEqual(["1", "2", "3", "4"]);
  expect(kept(forest, "signals", undefined, new Set(["5"]), [])).toEqual(["1", "2", "3", "4", "5"]);
  expect(kept(forest, "all", undefined, none, [])).toBeNull();
});

test("uncommon hides common images alone, and hides nothing before it is known which are", () => {
  const common = new Set(["explorer.exe", "cmd.exe", "svchost.exe", "odd.exe"]);
  expect(kept(forest, "uncommon", undefined, none, [])).toBeNull();
  expect(kept(forest, "uncommon", common, none, [])).toEqual(["1", "2", "3"]);
});
