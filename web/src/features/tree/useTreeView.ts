// The tree as it is shown: state of the address, forest, lines, lives, axis.
import { useCallback, useMemo, useState } from "react";
import { useSession } from "@/app/session";
import { usePreferences } from "@/app/preferences";
import { useUrlState } from "@/lib/urlState";
import { marksOf, readZoom, spanOf, writeZoom, type Span } from "./axis";
import { gapsOf } from "./gaps";
import { keptProcesses, useCommonNames } from "./interest";
import { linkParts } from "./links";
import { lifeOf, type Life } from "./lives";
import { familyOf, found, linesOf, pathTo } from "./outline";
import { treeUrl } from "./state";
import { useActs, useCoverage, useTree } from "./useTree";

/** Processes of a device from which on its roots are folded at first */
const manyProcesses = 300;
/** Processes whose acts are read together: what is in view lies in one or two such groups */
const group = 60;
/** Marks of the axis */
const marks = 8;

const nothing: Life = {
  start: null,
  end: null,
  ending: "none",
  acts: [],
  techniques: [],
  done: "",
};

export type TreeView = ReturnType<typeof useTreeView>;

export function useTreeView(deviceId: string) {
  const { zone } = usePreferences().preferences;
  const [state, change, unread] = useUrlState(treeUrl);
  const { proc, open, shut, q } = state;
  const { first, forest, readings } = useTree(deviceId, proc, open);

  const opened = useMemo(() => new Set(open), [open]);
  const closed = useMemo(() => new Set(shut), [shut]);
  const { may } = useSession();
  const mayAsk = may("query.run");
  const { interest } = state;
  const common = useCommonNames(mayAsk && interest === "uncommon");
  // Links are known of what was read; a process that one leads to stays once it was seen.
  const [linked, setLinked] = useState<ReadonlySet<string>>(new Set());
  const kept = useMemo(
    () => forest && keptProcesses(forest, interest, common, linked, [proc, state.sel]),
    [forest, interest, common, linked, proc, state.sel],
  );
  const isMany = proc === null && (kept?.size ?? forest?.nodes.size ?? 0) > manyProcesses;
  /** Without a word of the person: processes are unfolded, readings are not begun. */
  const atFirst = useCallback((id: string) => /^\d/.test(id) && !isMany, [isMany]);
  const isOpen = useCallback(
    (id: string) => (closed.has(id) ? false : opened.has(id) || atFirst(id)),
    [closed, opened, atFirst],
  );
  const lines = useMemo(
    () => (forest ? linesOf(forest, isOpen, kept) : []),
    [forest, isOpen, kept],
  );

  /** Parts of the address that unfold or fold lines; what was read stays named in it. */
  const folded = useCallback(
    (ids: readonly string[], expand: boolean) => {
      const nextOpen = new Set(open);
      const nextShut = new Set(shut);
      for (const id of ids) {
        if (expand) {
          nextShut.delete(id);
          if (!atFirst(id)) nextOpen.add(id);
        } else {
          if (/^\d/.test(id)) nextOpen.delete(id);
          if (atFirst(id) || nextOpen.has(id)) nextShut.add(id);
        }
      }
      return { open: [...nextOpen], shut: [...nextShut] };
    },
    [open, shut, atFirst],
  );

  // Acts are read of what is in view.
  const [inView, setInView] = useState<readonly [string, string] | null>(null);
  const processes = useMemo(
    () => lines.flatMap((line) => (line.kind === "process" ? [line.node.ProcessKey] : [])),
    [lines],
  );
  const wanted = useMemo(() => {
    // Lines between processes (folds, notes) count with the process above them.
    const at = (id: string | undefined) => {
      const line = lines.findIndex((each) => each.id === id);
      return lines.slice(0, line + 1).filter((each) => each.kind === "process").length - 1;
    };
    const from = Math.max(0, at(inView?.[0]));
    const to = Math.max(from, at(inView?.[1]));
    return processes.slice(Math.floor(from / group) * group, (Math.floor(to / group) + 1) * group);
  }, [processes, lines, inView]);
  const acts = useActs(deviceId, wanted);
  const ends = acts.links.flatMap(({ from, to }) => [from, to]);
  if (ends.some((key) => !linked.has(key))) setLinked(new Set([...linked, ...ends]));
  const links = useMemo(() => linkParts(lines, acts.links), [lines, acts.links]);
  const selected = state.sel ?? proc;

  const lives = useMemo(() => {
    const out = new Map<string, Life>();
    forest?.nodes.forEach((node, key) => out.set(key, lifeOf(node, acts.byProcess.get(key))));
    return out;
  }, [forest, acts.byProcess]);
  const life = useCallback((key: string) => lives.get(key) ?? nothing, [lives]);

  /** The span of a process and what is below it; of all where none is given. */
  const familySpan = useCallback(
    (key: string | null): Span | null => {
      if (!forest) return null;
      const keys = key === null ? [...forest.nodes.keys()] : familyOf(forest, key);
      return spanOf(
        keys.flatMap((each) => {
          const { start, end } = life(each);
          return [start ?? NaN, end ?? NaN];
        }),
      );
    },
    [forest, life],
  );
  const whole = useMemo(() => familySpan(proc) ?? familySpan(null), [familySpan, proc]);
  const span = useMemo(
    () => readZoom(state.zoom) ?? whole ?? { from: 0, to: 60_000 },
    [state.zoom, whole],
  );
  const ticks = useMemo(() => marksOf(span, marks, zone), [span, zone]);
  const coverage = useCoverage(deviceId, whole === null ? null : span);
  const gaps = useMemo(() => gapsOf(coverage, span), [coverage, span]);
  const zoom = useCallback(
    (next: Span | null) => {
      change({ zoom: next === null ? null : writeZoom(next) });
    },
    [change],
  );

  const hits = useMemo(() => (forest ? found(forest, q) : []), [forest, q]);
  const hitSet = useMemo(() => new Set(hits), [hits]);

  /** Shows a process: unfolds what it lies in. */
  const reveal = useCallback(
    (key: string) => {
      if (!forest) return {};
      return folded(
        pathTo(forest, key).filter((id) => !isOpen(id)),
        true,
      );
    },
    [forest, folded, isOpen],
  );

  const onVisible = useCallback((top: { id: string }, bottom: { id: string }) => {
    setInView((before) =>
      before?.[0] === top.id && before[1] === bottom.id ? before : [top.id, bottom.id],
    );
  }, []);

  return {
    deviceId,
    state,
    change,
    unread,
    first,
    forest,
    readings,
    lines,
    shownProcesses: processes.length,
    folded,
    reveal,
    life,
    isCut: acts.isCut,
    links,
    hidden: kept && forest ? forest.nodes.size - kept.size : 0,
    mayAsk,
    /** Which images are common is still asked for, or could not be told */
    waitsForCommon: interest === "uncommon" && common === undefined,
    selected,
    span,
    ticks,
    gaps,
    zoom,
    familySpan,
    hits,
    hitSet,
    onVisible,
  } as const;
}
