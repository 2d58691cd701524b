// Processes as an outline: answers of the server put together, folds, what is unfolded, in lines.
import type { ProcessNode, ProcessTree } from "@/api/gen/api";

/** Children of one parent with one file name, counted by the server; read when they are opened. */
export interface Fold {
  id: string;
  parent: string;
  fileName: string;
  count: number;
  isSibling: boolean;
  /** Keys of those that were read; null before */
  members: readonly string[] | null;
}

export interface Forest {
  nodes: ReadonlyMap<string, ProcessNode>;
  roots: readonly string[];
  /** Keys of the children, the oldest first; those in folds are not among them */
  children: ReadonlyMap<string, readonly string[]>;
  folds: ReadonlyMap<string, readonly Fold[]>;
  /** Fold that a process is in */
  foldOf: ReadonlyMap<string, string>;
  /** Processes with children that were not read */
  unread: ReadonlySet<string>;
}

/** An answer that was asked for when a line was unfolded. */
export interface More {
  id: string;
  tree: ProcessTree;
}

/** Id of "the children of this process, read later". */
export const moreId = (key: string) => `m${key}`;
export const foldId = (parent: string, fileName: string) => `f${parent}~${fileName.slice(0, 120)}`;

/** What to ask the server for an id of `open`; null where it stands for no reading. */
export function askedFor(id: string): { process: string; depth: number } | null {
  const more = /^m(\d{1,20})$/.exec(id);
  if (more?.[1] !== undefined) return { process: more[1], depth: 3 };
  const fold = /^f(\d{1,20})~/.exec(id);
  return fold?.[1] === undefined ? null : { process: fold[1], depth: 1 };
}

/** Order of siblings: by creation, those without a known one first, as the server has them. */
function older(a: ProcessNode, b: ProcessNode): number {
  const first = a.ProcessCreationTime ?? "";
  const second = b.ProcessCreationTime ?? "";
  if (first !== second) return first < second ? -1 : 1;
  return (a.ProcessId ?? -1) - (b.ProcessId ?? -1);
}

/** Puts the first answer and what was read after it together. `newest` puts the newest roots first. */
export function makeForest(first: ProcessTree, more: readonly More[], newest = false): Forest {
  const nodes = new Map(first.items.map((node) => [node.ProcessKey, node]));
  const unread = new Set<string>();
  const folds = new Map<string, Fold>();
  const addFolds = (tree: ProcessTree) => {
    for (const { ParentKey, FileName, count, is_sibling } of tree.folds) {
      const id = foldId(ParentKey, FileName);
      if (folds.has(id)) continue;
      folds.set(id, {
        id,
        parent: ParentKey,
        fileName: FileName,
        count,
        isSibling: is_sibling,
        members: null,
      });
    }
  };
  addFolds(first);
  const folded = (key: string) => [...folds.values()].some((fold) => fold.parent === key);
  for (const node of first.items) {
    if (node.has_more && !folded(node.ProcessKey)) unread.add(node.ProcessKey);
  }
  const foldOf = new Map<string, string>();
  for (const { id, tree } of more) {
    const asked = askedFor(id);
    if (!asked || !nodes.has(asked.process)) continue;
    const added: string[] = [];
    const below = new Set([asked.process]);
    for (const node of tree.items) {
      // What is above the process is known better by the answer that shows it.
      if (!below.has(node.ParentKey)) continue;
      below.add(node.ProcessKey);
      const fold = folds.get(id);
      if (fold && (node.FileName !== fold.fileName || nodes.has(node.ProcessKey))) continue;
      if (nodes.has(node.ProcessKey)) continue;
      nodes.set(node.ProcessKey, node);
      added.push(node.ProcessKey);
      if (node.has_more) unread.add(node.ProcessKey);
    }
    const fold = folds.get(id);
    if (fold) {
      folds.set(id, { ...fold, members: added });
      added.forEach((key) => foldOf.set(key, id));
    } else {
      unread.delete(asked.process);
      addFolds({ ...tree, folds: tree.folds.filter((each) => below.has(each.ParentKey)) });
    }
  }
  return { nodes, ...hang(nodes, foldOf, newest), folds: byParent(folds), foldOf, unread };
}

function byParent(folds: ReadonlyMap<string, Fold>): Map<string, Fold[]> {
  const out = new Map<string, Fold[]>();
  for (const fold of folds.values()) {
    out.set(fold.parent, [...(out.get(fold.parent) ?? []), fold]);
  }
  return out;
}

function hang(
  nodes: ReadonlyMap<string, ProcessNode>,
  foldOf: ReadonlyMap<string, string>,
  newest: boolean,
) {
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  const sorted = [...nodes.values()].sort(older);
  for (const { ProcessKey: key, ParentKey: parent } of sorted) {
    if (!nodes.has(parent) || parent === key) roots.push(key);
    else if (!foldOf.has(key)) children.set(parent, [...(children.get(parent) ?? []), key]);
  }
  // A damaged log can hang processes on themselves: what no root leads to becomes one.
  const reached = new Set<string>();
  const reach = (from: string) => {
    const open = [from];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (reached.has(key)) continue;
      reached.add(key);
      open.push(...(children.get(key) ?? []));
    }
  };
  roots.forEach(reach);
  foldOf.forEach((_, key) => {
    reach(key);
  });
  for (const { ProcessKey: key, ParentKey: parent } of sorted) {
    if (reached.has(key)) continue;
    children.set(
      parent,
      (children.get(parent) ?? []).filter((each) => each !== key),
    );
    roots.push(key);
    reach(key);
  }
  if (newest) {
    const start = (key: string): string =>
      nodes.get(key)?.ProcessCreationTime ??
      nodes.get(children.get(key)?.[0] ?? "")?.ProcessCreationTime ??
      "";
    roots.sort((a, b) => (start(a) < start(b) ? 1 : start(a) > start(b) ? -1 : 0));
  }
  return { roots, children };
}

interface Placed {
  id: string;
  /** From 1 */
  level: number;
  position: number;
  setSize: number;
}

export type Line = Placed &
  (
    | { kind: "process"; node: ProcessNode; expanded: boolean | undefined; unread: boolean }
    | { kind: "fold"; fold: Fold; expanded: boolean }
    /** Unfolded, but not read: under way, failed, or more than the server gives at once */
    | { kind: "wait"; of: string; missing: number | null }
  );

/** Whether an id is unfolded. */
export type IsOpen = (id: string) => boolean;

/** The id under which a process is unfolded: it names a reading where its children are not known. */
export function openId(forest: Forest, key: string): string {
  return forest.unread.has(key) ? moreId(key) : key;
}

/** What is to be seen, in order. */
export function linesOf(
  forest: Forest,
  isOpen: IsOpen,
  /** Only these processes; null for all */
  kept: ReadonlySet<string> | null = null,
): Line[] {
  const lines: Line[] = [];
  const only = (keys: readonly string[]) => (kept ? keys.filter((key) => kept.has(key)) : keys);
  const put = (key: string, level: number, position: number, setSize: number) => {
    const node = forest.nodes.get(key);
    if (!node) return;
    const below = only(forest.children.get(key) ?? []);
    const folds = forest.folds.get(key) ?? [];
    const unread = forest.unread.has(key);
    const has = below.length + folds.length > 0 || unread;
    const expanded = has ? isOpen(openId(forest, key)) : undefined;
    lines.push({ kind: "process", id: key, level, position, setSize, node, expanded, unread });
    if (expanded !== true) return;
    const size = below.length + folds.length + (unread ? 1 : 0);
    folds.forEach((fold, index) => {
      putFold(fold, level + 1, index + 1, size);
    });
    below.forEach((child, index) => {
      put(child, level + 1, folds.length + index + 1, size);
    });
    if (unread) lines.push(wait(moreId(key), level + 1, size, size, null));
  };
  const putFold = (fold: Fold, level: number, position: number, setSize: number) => {
    const expanded = isOpen(fold.id);
    lines.push({ kind: "fold", id: fold.id, level, position, setSize, fold, expanded });
    if (!expanded) return;
    const members = only(fold.members ?? []);
    const missing = fold.members === null ? null : fold.count - fold.members.length;
    const size = members.length + (missing === null || missing > 0 ? 1 : 0);
    members.forEach((key, index) => {
      put(key, level + 1, index + 1, size);
    });
    if (size > members.length) lines.push(wait(fold.id, level + 1, size, size, missing));
  };
  const roots = only(forest.roots);
  roots.forEach((key, index) => {
    put(key, 1, index + 1, roots.length);
  });
  return lines;
}

function wait(
  of: string,
  level: number,
  position: number,
  setSize: number,
  missing: number | null,
) {
  return { kind: "wait", id: `wait-${of}`, of, level, position, setSize, missing } as const;
}

/** Ids to unfold so that a process is seen. */
export function pathTo(forest: Forest, key: string): string[] {
  const path: string[] = [];
  const seen = new Set<string>();
  for (let at = key; !seen.has(at);) {
    seen.add(at);
    const fold = forest.foldOf.get(at);
    if (fold !== undefined) path.push(fold);
    const parent = forest.nodes.get(at)?.ParentKey ?? "";
    if (parent === at || !forest.nodes.has(parent)) break;
    path.push(parent);
    at = parent;
  }
  return path;
}

/** The process and everything known below it, in order. */
export function familyOf(forest: Forest, key: string): string[] {
  const out: string[] = [];
  const seen = new Set<string>();
  const walk = (at: string) => {
    if (seen.has(at)) return;
    seen.add(at);
    out.push(at);
    for (const fold of forest.folds.get(at) ?? []) fold.members?.forEach(walk);
    forest.children.get(at)?.forEach(walk);
  };
  if (forest.nodes.has(key)) walk(key);
  return out;
}

/** Readings that "unfold all below" begins at most */
const mostReadings = 20;

/** Ids of all that can be unfolded from a line down, its own among them. */
export function foldsBelow(forest: Forest, line: Line): string[] {
  if (line.kind === "wait") return [];
  const from = line.kind === "process" ? [line.node.ProcessKey] : [...(line.fold.members ?? [])];
  const ids = line.kind === "fold" ? [line.fold.id] : [];
  const readings: string[] = [];
  for (const key of from.flatMap((start) => familyOf(forest, start))) {
    if (forest.unread.has(key)) readings.push(moreId(key));
    else if (forest.children.has(key) || forest.folds.has(key)) ids.push(key);
  }
  return [...ids, ...readings.slice(0, mostReadings)];
}

/** Processes, in the order of the outline, that have a text in name, id, command line or account. */
export function found(forest: Forest, text: string): string[] {
  const sought = text.trim().toLowerCase();
  if (sought === "") return [];
  const order = forest.roots.flatMap((root) => familyOf(forest, root));
  return order.filter((key) => {
    const node = forest.nodes.get(key);
    return (
      node !== undefined &&
      [node.FileName, String(node.ProcessId ?? ""), node.ProcessCommandLine, node.Account].some(
        (each) => each.toLowerCase().includes(sought),
      )
    );
  });
}

/** Most ids that one press unfolds or folds: they stand in the address */
const mostAtOnce = 250;

/** Ids that unfold every line that is folded, by one level; nothing is read for it. */
export function nextLevel(lines: readonly Line[]): string[] {
  return lines
    .flatMap((line) =>
      line.kind === "process" && line.expanded === false && !line.unread ? [line.id] : [],
    )
    .slice(0, mostAtOnce);
}

/** Ids of all that is unfolded, the outermost first. */
export function unfoldedIds(forest: Forest, lines: readonly Line[]): string[] {
  return lines
    .flatMap((line) =>
      line.kind !== "wait" && line.expanded === true
        ? [{ id: line.kind === "process" ? openId(forest, line.id) : line.id, level: line.level }]
        : [],
    )
    .sort((a, b) => a.level - b.level)
    .map(({ id }) => id)
    .slice(0, mostAtOnce);
}
