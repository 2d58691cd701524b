import { describe, expect, test } from "vitest";
import type { ProcessNode, ProcessTree } from "@/api/gen/api";
import {
  foldId,
  foldsBelow,
  found,
  linesOf,
  makeForest,
  moreId,
  openId,
  pathTo,
  type IsOpen,
  type Line,
} from "./outline";
import { subtreeText } from "./subtree";

const node = (key: string, parent: string, name: string, more: Partial<ProcessNode> = {}) => ({
  ProcessKey: key,
  ParentKey: parent,
  ProcessId: Number(key) + 1000,
  FileName: name,
  ProcessCommandLine: `${name} -x`,
  Account: "WS\\mira",
  ProcessCreationTime: `2026-11-17T09:00:${key.padStart(2, "0")}.0000000Z`,
  integrity: "",
  elevation: "",
  is_inferred: false,
  depth: 0,
  has_more: false,
  ...more,
});

const tree = (items: ProcessNode[], folds: ProcessTree["folds"] = []): ProcessTree => ({
  items,
  folds,
  truncated: false,
  known_descendants: null,
});

const family = tree(
  [
    node("1", "0", "explorer.exe"),
    node("2", "1", "winword.exe", { has_more: true }),
    node("3", "2", "powershell.exe"),
    node("4", "3", "rundll32.exe", { has_more: true }),
    node("5", "2", "cmd.exe"),
  ],
  [{ ParentKey: "2", FileName: "svchost.exe", count: 2, is_sibling: true }],
);

/** Processes are unfolded, readings are not: as the page has it at first. */
const atFirst: IsOpen = (id) => /^\d/.test(id);
const drawn = (lines: Line[]) =>
  lines.map((line) => {
    const name =
      line.kind === "process"
        ? line.node.FileName
        : line.kind === "fold"
          ? `+${String(line.fold.count)} ${line.fold.fileName}`
          : `? ${line.of}`;
    return `${"  ".repeat(line.level - 1)}${name}`;
  });

describe("lines", () => {
  test("parents before children, folds first, with their places among their siblings", () => {
    const lines = linesOf(makeForest(family, []), atFirst);
    expect(drawn(lines)).toEqual([
      "explorer.exe",
      "  winword.exe",
      "    +2 svchost.exe",
      "    powershell.exe",
      "      rundll32.exe",
      "    cmd.exe",
    ]);
    const [, , fold, shell, dll, cmd] = lines;
    expect(fold).toMatchObject({ kind: "fold", position: 1, setSize: 3, expanded: false });
    expect(shell).toMatchObject({ position: 2, setSize: 3, expanded: true });
    expect(dll).toMatchObject({ kind: "process", expanded: false, unread: true });
    expect(cmd).toMatchObject({ position: 3, setSize: 3, expanded: undefined });
  });

  test("a folded process hides what is below it", () => {
    const lines = linesOf(makeForest(family, []), (id) => id !== "3" && atFirst(id));
    expect(drawn(lines)).not.toContain("      rundll32.exe");
    expect(drawn(lines)).toContain("    cmd.exe");
  });

  test("a fold opens in place with those of its name, and says what is still missing", () => {
    const id = foldId("2", "svchost.exe");
    const isOpen: IsOpen = (each) => each === id || atFirst(each);
    expect(drawn(linesOf(makeForest(family, []), isOpen))).toContain(`      ? ${id}`);
    const read = tree([
      node("1", "0", "explorer.exe"),
      node("2", "1", "winword.exe"),
      node("3", "2", "powershell.exe", { has_more: true }),
      node("7", "2", "svchost.exe"),
    ]);
    const forest = makeForest(family, [{ id, tree: read }]);
    const lines = linesOf(forest, isOpen);
    expect(drawn(lines).slice(2, 6)).toEqual([
      "    +2 svchost.exe",
      "      svchost.exe",
      `      ? ${id}`,
      "    powershell.exe",
    ]);
    expect(lines[4]).toMatchObject({ kind: "wait", missing: 1 });
    expect(forest.unread.has("3"), "its children are known from the first answer").toBe(false);
    expect(pathTo(forest, "7")).toEqual([id, "2", "1"]);
  });

  test("what was read later hangs below the process that it was asked for", () => {
    expect(openId(makeForest(family, []), "4")).toBe(moreId("4"));
    const read = tree([
      node("3", "2", "powershell.exe"),
      node("4", "3", "rundll32.exe"),
      node("8", "4", "whoami.exe", { has_more: true }),
    ]);
    const forest = makeForest(family, [{ id: moreId("4"), tree: read }]);
    expect(drawn(linesOf(forest, atFirst))).toContain("        whoami.exe");
    expect(openId(forest, "4")).toBe("4");
    expect(forest.unread).toEqual(new Set(["8"]));
  });

  test("an answer for a process that is not in the tree adds nothing", () => {
    const read = tree([node("90", "0", "other.exe"), node("91", "90", "child.exe")]);
    const forest = makeForest(family, [{ id: moreId("90"), tree: read }]);
    expect(forest.nodes.size).toBe(5);
  });

  test("processes that hang on themselves or each other are shown once", () => {
    const lines = linesOf(
      makeForest(
        tree([node("1", "1", "a.exe"), node("2", "3", "b.exe"), node("3", "2", "c.exe")]),
        [],
      ),
      atFirst,
    );
    expect(drawn(lines)).toEqual(["a.exe", "b.exe", "  c.exe"]);
  });

  test("of a device the newest roots come first; one without a start counts by its first child", () => {
    const forest = makeForest(
      tree([
        node("1", "0", "old.exe"),
        node("9", "0", "new.exe"),
        node("4", "0", "ghost.exe", { ProcessCreationTime: null, is_inferred: true }),
        node("5", "4", "child.exe"),
      ]),
      [],
      true,
    );
    expect(forest.roots).toEqual(["9", "4", "1"]);
  });
});

describe("search", () => {
  const forest = makeForest(family, []);
  test("looks at name, id, command line and account, in the order of the outline", () => {
    expect(found(forest, "EXPLORER")).toEqual(["1"]);
    expect(found(forest, "1003")).toEqual(["3"]);
    expect(found(forest, "mira")).toEqual(["1", "2", "3", "4", "5"]);
    expect(found(forest, "  ")).toEqual([]);
    expect(found(forest, "nothing")).toEqual([]);
  });

  test("all that is to be unfolded for a process, from it up", () => {
    expect(pathTo(forest, "4")).toEqual(["3", "2", "1"]);
    expect(pathTo(forest, "1")).toEqual([]);
  });
});

test("unfolding all below takes folds and readings of that line alone", () => {
  const forest = makeForest(family, []);
  const lines = linesOf(forest, atFirst);
  const line = lines.find((each) => each.id === "3");
  expect(line && foldsBelow(forest, line)).toEqual(["3", moreId("4")]);
  const root = lines[0];
  expect(root && foldsBelow(forest, root)).toEqual(["1", "2", "3", moreId("4")]);
});

test("a subtree as text is indented, one line each, and says what is not loaded", () => {
  const text = subtreeText(
    makeForest(
      tree(
        [
          node("2", "0", "winword.exe", { has_more: true }),
          node("3", "2", "evil\u202egpj.exe", { ProcessCommandLine: "a\nb", has_more: true }),
        ],
        [{ ParentKey: "2", FileName: "cmd.exe", count: 7, is_sibling: false }],
      ),
      [],
    ),
    "2",
  );
  expect(text.split("\n")).toEqual([
    "winword.exe  1002  2026-11-17T09:00:02.0000000Z  winword.exe -x",
    "  … 7 more of cmd.exe",
    "  evil\\u{202e}gpj.exe  1003  2026-11-17T09:00:03.0000000Z  a b",
    "    … more below, not loaded",
  ]);
});
