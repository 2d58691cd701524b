// The processes of a device under their parents, with their time beside them.
import { Button, mergeClasses } from "@fluentui/react-components";
import { TextBulletListTreeRegular, TimelineRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError, query } from "@/api/call";
import { useBreadcrumb } from "@/app/breadcrumb";
import { usePreferences } from "@/app/preferences";
import { CopyButton } from "@/components/CopyButton";
import { TreeGrid, type GridHandle, type Item, type Layout } from "@/components/grid";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { scaled } from "./axis";
import { columnsOf, lineName, nameOf } from "./columns";
import { Dock } from "./Dock";
import { useMarked } from "./marked";
import { foldsBelow, openId, type Line } from "./outline";
import { timelineLink, treeLink } from "./state";
import { subtreeText } from "./subtree";
import css from "./tree.module.css";
import { TreeBar } from "./TreeBar";
import { TreeNote } from "./TreeNote";
import { UnknownProcess } from "./UnknownProcess";
import { useTreeView, type TreeView } from "./useTreeView";

/** Milliseconds that the focus rests on a row before the dock follows it */
const restOfFocus = 120;

function Outline({ view }: { view: TreeView }) {
  const { state, change, forest, lines, selected, life, span, ticks, gaps, readings, links, zoom } =
    view;
  const navigate = useNavigate();
  const { singleKeys } = usePreferences().preferences;
  const grid = useRef<GridHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState<string | null>(selected);
  const [layout, setLayout] = useState<Layout | undefined>();
  const items = useMemo<Item<Line>[]>(
    () => lines.map((line) => ({ kind: "row", id: line.id, row: line })),
    [lines],
  );
  const columns = useMemo(
    () => columnsOf({ span, ticks, gaps, life, asked: state.proc, readings, links, onSpan: zoom }),
    [span, ticks, gaps, life, state.proc, readings, links, zoom],
  );
  useMarked(box, state.q);

  // What is to be gone to is waited for: it may have to be unfolded or read first.
  const sought = useRef<string | null>(selected);
  useEffect(() => {
    if (sought.current !== null && grid.current?.scrollTo(sought.current, "center") === true) {
      sought.current = null;
    }
  }, [items]);
  const shown = useRef(selected);
  useEffect(() => {
    if (selected === shown.current) return;
    shown.current = selected;
    setActive((before) => selected ?? before);
  }, [selected]);

  // The dock reads much: it follows once the focus rests.
  const [docked, setDocked] = useState(selected);
  useEffect(() => {
    const timer = setTimeout(() => {
      setDocked(selected);
    }, restOfFocus);
    return () => {
      clearTimeout(timer);
    };
  }, [selected]);

  const select = useCallback(
    (key: string, replace = false) => {
      shown.current = key;
      change({ sel: key, dock: true }, { replace });
    },
    [change],
  );
  const goTo = useCallback(
    (key: string) => {
      setActive(key);
      shown.current = key;
      change({ ...view.reveal(key), sel: key });
      if (grid.current?.scrollTo(key, "auto") !== true) sought.current = key;
    },
    [change, view],
  );
  const move = (id: string) => {
    setActive(id);
    if (state.dock && /^\d+$/.test(id) && id !== selected) select(id, true);
  };
  const toggle = (line: Line, expand: boolean) => {
    if (!forest) return;
    if (line.kind === "process") change(view.folded([openId(forest, line.id), line.id], expand));
    else if (line.kind === "fold") change(view.folded([line.id], expand));
  };

  const centre = () => {
    const start = active === null ? null : life(active).start;
    return start !== null && start >= span.from && start <= span.to
      ? start
      : (span.from + span.to) / 2;
  };
  const zoomBy = (factor: number) => {
    zoom(scaled(span, factor, centre()));
  };
  const fit = () => {
    const at = active !== null && forest?.nodes.has(active) ? active : selected;
    zoom(view.familySpan(at));
  };

  function onKey(event: KeyboardEvent, item: Item<Line> | null): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const line = item?.kind === "row" ? item.row : null;
    if (event.key === "*") {
      if (forest && line) change(view.folded(foldsBelow(forest, line), true));
      return true;
    }
    if (event.key === "Escape" && state.dock && selected !== null) {
      change({ dock: false });
      return true;
    }
    if (!singleKeys) return false;
    switch (event.key) {
      case "t":
        if (line?.kind === "process") {
          void navigate(timelineLink(view.deviceId, `trail:${line.node.ProcessKey}`));
        }
        return true;
      case "+":
      case "=":
        zoomBy(0.5);
        return true;
      case "-":
      case "−":
        zoomBy(2);
        return true;
      case "0":
        zoom(null);
        return true;
      case "/":
        input.current?.focus();
        return true;
      default:
        return false;
    }
  }

  if (!forest) return null;
  const node = docked === null ? undefined : forest.nodes.get(docked);
  return (
    <>
      <TreeBar
        view={view}
        active={active}
        inputRef={input}
        onGo={goTo}
        onZoom={zoomBy}
        onFit={fit}
        onLeave={() => grid.current?.focus()}
      />
      <TreeNote view={view} />
      <div className={css.grid} ref={box}>
        <TreeGrid
          ref={grid}
          label="Processes"
          columns={columns}
          {...(layout ? { layout } : {})}
          onLayout={setLayout}
          items={items}
          rowName={(line) => lineName(line, life)}
          activeId={active}
          onActive={move}
          onOpen={({ row }) => {
            if (row.kind === "process") select(row.node.ProcessKey);
            else if (row.kind === "fold") toggle(row, !row.expanded);
          }}
          onKey={onKey}
          onVisible={view.onVisible}
          rowClassName={(line) =>
            line.kind === "process" && view.hitSet.has(line.id) ? css.hit : undefined
          }
          tree={{
            place: ({ level, position, setSize, ...line }) => ({
              level,
              position,
              setSize,
              ...(line.kind === "wait" || line.expanded === undefined
                ? {}
                : { expanded: line.expanded }),
            }),
            onToggle: toggle,
          }}
        />
      </div>
      {node && state.dock && (
        <Dock
          deviceId={view.deviceId}
          node={node}
          parent={forest.nodes.get(node.ParentKey) ?? null}
          childCount={
            (forest.children.get(node.ProcessKey) ?? []).length +
            (forest.folds.get(node.ProcessKey) ?? []).reduce((sum, fold) => sum + fold.count, 0)
          }
          twin={
            [...forest.nodes.values()].find(
              (other) =>
                other !== node && node.ProcessId !== null && other.ProcessId === node.ProcessId,
            ) ?? null
          }
          life={life(node.ProcessKey)}
          isAsked={node.ProcessKey === state.proc}
          onSelect={goTo}
          onClose={() => {
            change({ dock: false });
            grid.current?.focus();
          }}
        />
      )}
    </>
  );
}

export function Component() {
  const { deviceId = "" } = useParams();
  // A page of its own for each process: folds and places of one mean nothing for another.
  return <Tree key={deviceId} deviceId={deviceId} />;
}

function Tree({ deviceId }: { deviceId: string }) {
  const navigate = useNavigate();
  const view = useTreeView(deviceId);
  const { forest, first, state, selected } = view;
  const device = useQuery(query("getDeviceOverview", { path: { device_id: deviceId } }));
  const deviceName = device.data?.device.name ?? deviceId.slice(0, 8);
  useBreadcrumb(
    { label: "Devices", to: "/devices" },
    { label: deviceName, to: `/devices/${deviceId}/overview` },
    { label: "Process tree" },
  );
  const asked = state.proc === null ? undefined : forest?.nodes.get(state.proc);
  const isUnknown = first.error instanceof ApiError && first.error.status === 404;
  const copied = selected ?? forest?.roots[0];
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1 className={css.title}>
          <TextBulletListTreeRegular fontSize={24} aria-hidden />
          Process tree
        </h1>
        <span className={css.of}>
          {"of "}
          {asked && (
            <>
              <Value text={nameOf(asked)} kind="name" />
              {` ${asked.ProcessId === null ? "" : String(asked.ProcessId)} on `}
            </>
          )}
          <Link
            className={mergeClasses(css.link, css.deviceLink)}
            to={`/devices/${deviceId}/overview`}
          >
            <Value text={deviceName} />
          </Link>
          {asked?.ProcessCreationTime != null && (
            <>
              {", started "}
              <Instant time={asked.ProcessCreationTime} dateToo />
            </>
          )}
        </span>
        <span className={css.facing}>
          {state.proc !== null && (
            <>
              <Button onClick={() => void navigate(treeLink(deviceId, null))}>All processes</Button>
              <Button
                icon={<TimelineRegular />}
                onClick={() => void navigate(timelineLink(deviceId, `trail:${state.proc ?? ""}`))}
              >
                Timeline with this trail
              </Button>
            </>
          )}
          <CopyButton withText size="medium" label="Copy link" text={() => window.location.href} />
          {forest && copied !== undefined && (
            <CopyButton
              withText
              size="medium"
              label="Copy subtree"
              text={() => subtreeText(forest, copied)}
            />
          )}
        </span>
      </header>
      {isUnknown && state.proc !== null ? (
        <UnknownProcess deviceId={deviceId} process={state.proc} />
      ) : first.error ? (
        <ErrorState
          what="The processes could not be read"
          error={first.error}
          retry={() => void first.refetch()}
        />
      ) : first.isPending ? (
        <StateBlock kind="loading" title="Reading the processes." />
      ) : forest?.nodes.size === 0 ? (
        <StateBlock
          kind="empty"
          title="No start of a process is recorded on this device."
          detail="Sysmon event 1, Security event 4688 and process events of a sensor or a hunting export fill this page."
          action={{
            label: "Open the timeline",
            onClick: () => void navigate(`/devices/${deviceId}/timeline`),
          }}
        />
      ) : (
        <Outline key={state.proc ?? ""} view={view} />
      )}
    </div>
  );
}
