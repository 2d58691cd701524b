// Above the tree: search that steps through what it finds, how much is shown, the axis.
import { Button, Tooltip } from "@fluentui/react-components";
import {
  ArrowCollapseAllRegular,
  ArrowExpandAllRegular,
  ChevronDownRegular,
  ChevronUpRegular,
  SearchRegular,
  ZoomFitRegular,
  ZoomInRegular,
  ZoomOutRegular,
} from "@fluentui/react-icons";
import { useEffect, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { role } from "@/app/theme";
import { countText } from "@/lib/amounts";
import { Segments } from "@/components/Segments";
import { actKinds } from "./lives";
import { nextLevel, unfoldedIds } from "./outline";
import css from "./tree.module.css";
import type { TreeView } from "./useTreeView";

export interface TreeBarProps {
  view: TreeView;
  active: string | null;
  inputRef: RefObject<HTMLInputElement | null>;
  onGo: (key: string) => void;
  onZoom: (factor: number) => void;
  onFit: () => void;
  /** Escape in the search */
  onLeave: () => void;
}

function Small(props: { label: string; icon: ReactNode; disabled?: boolean; onClick: () => void }) {
  return (
    <Tooltip content={props.label} relationship="label">
      <Button
        className={css.step}
        appearance="subtle"
        size="small"
        icon={<>{props.icon}</>}
        disabledFocusable={props.disabled === true}
        onClick={props.onClick}
      />
    </Tooltip>
  );
}

const counted = (count: number) => countText(count);

export function TreeBar(props: TreeBarProps) {
  const { view, active, onGo } = props;
  const { state, hits, forest } = view;
  // The address follows the typing; Back and Escape are followed by the box.
  const [typed, setTyped] = useState(state.q);
  useEffect(() => {
    setTyped(state.q);
  }, [state.q]);
  const at = active === null ? -1 : hits.indexOf(active);
  const step = (by: 1 | -1) => {
    const next =
      at >= 0 ? hits[(at + by + hits.length) % hits.length] : hits[by > 0 ? 0 : hits.length - 1];
    if (next !== undefined) onGo(next);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (state.q === "") props.onLeave();
      else view.change({ q: "" }, { replace: true });
    }
  };
  const total = forest?.nodes.size ?? 0;
  return (
    <div className={css.bar}>
      <div className={css.search} role="search">
        <SearchRegular fontSize={16} aria-hidden />
        <input
          ref={props.inputRef}
          aria-label="Find a process"
          placeholder="Find a name, id, command line, account"
          value={typed}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value);
            view.change({ q: event.target.value }, { replace: true });
          }}
          onKeyDown={keyDown}
        />
        <span className={css.count} role="status">
          {state.q === ""
            ? ""
            : hits.length === 0
              ? "none of those loaded"
              : `${at < 0 ? "" : `${counted(at + 1)} of `}${counted(hits.length)}`}
        </span>
        <Small
          label="Previous (Shift Enter)"
          icon={<ChevronUpRegular />}
          disabled={hits.length === 0}
          onClick={() => {
            step(-1);
          }}
        />
        <Small
          label="Next (Enter)"
          icon={<ChevronDownRegular />}
          disabled={hits.length === 0}
          onClick={() => {
            step(1);
          }}
        />
      </div>
      <Segments
        label="Processes of interest"
        value={state.interest}
        choices={[
          { value: "all", label: "All" },
          {
            value: "uncommon",
            label: "Uncommon",
            hint: view.mayAsk
              ? "Without images that start on more than 80 % of the devices"
              : "Needs the permission to query: what is common is counted over all devices",
            disabled: !view.mayAsk,
          },
          {
            value: "signals",
            label: "Signals only",
            hint: "With a technique, or a thread in another process",
          },
        ]}
        onChange={(interest) => {
          view.change({ interest });
        }}
      />
      <Small
        label="Fold all"
        icon={<ArrowCollapseAllRegular />}
        onClick={() => {
          if (forest) view.change(view.folded(unfoldedIds(forest, view.lines), false));
        }}
      />
      <Small
        label="Unfold one level"
        icon={<ArrowExpandAllRegular />}
        onClick={() => {
          view.change(view.folded(nextLevel(view.lines), true));
        }}
      />
      <span className={css.said}>
        {`${counted(view.shownProcesses)} of ${counted(total)} loaded processes shown`}
        {view.hidden > 0
          ? `; ${counted(view.hidden)} without ${state.interest === "signals" ? "a signal" : "interest"} are hidden`
          : ""}
        {view.waitsForCommon ? "; what is common is not known yet" : ""}
        {(forest?.unread.size ?? 0) > 0 ? "; more below some of them" : ""}
      </span>
      <span className={css.legend}>
        {actKinds.map(({ kind, label, colour }) => (
          <span key={kind}>
            <i style={{ background: role(colour) }} />
            {label}
          </span>
        ))}
      </span>
      <Small
        label="Longer axis (−)"
        icon={<ZoomOutRegular />}
        onClick={() => {
          props.onZoom(2);
        }}
      />
      <Small
        label="Shorter axis (+)"
        icon={<ZoomInRegular />}
        onClick={() => {
          props.onZoom(0.5);
        }}
      />
      <Button size="small" icon={<ZoomFitRegular />} onClick={props.onFit}>
        Fit family
      </Button>
    </div>
  );
}
