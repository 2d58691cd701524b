// Values with their counts beside a grid: click = only this, − or Alt-click = leave out, Ctrl-click = add. One tab stop; arrows move.
import { Button, makeStyles, mergeClasses } from "@fluentui/react-components";
import { SubtractRegular, type FluentIcon } from "@fluentui/react-icons";
import { useState, type KeyboardEvent, type MouseEvent } from "react";
import { role, type Role } from "@/app/theme";
import { spoken } from "@/lib/hostile";
import { countText } from "@/lib/amounts";
import { Value } from "./Value";

export interface FacetValue {
  value: string;
  /** What is shown in place of an empty or coded value: our own word */
  label?: string | undefined;
  count: number | null;
  state: "on" | "off" | "free";
  icon?: FluentIcon | undefined;
  /** Colour of the bar behind the text */
  colour?: Role | undefined;
}

export interface FacetGroup {
  field: string;
  label: string;
  values: readonly FacetValue[];
  /** There are values that are not listed */
  more?: boolean;
  /** Values cannot be left out or added (they exclude each other) */
  single?: boolean;
}

export interface FacetsProps {
  groups: readonly FacetGroup[];
  onOnly: (field: string, value: string) => void;
  onExclude: (field: string, value: string) => void;
  onAdd: (field: string, value: string) => void;
  loading?: boolean;
  /** Values of a group shown before it is unfolded */
  shown?: number;
}

const useStyles = makeStyles({
  list: { padding: "8px 4px 12px", overflowY: "auto", minHeight: 0 },
  heading: {
    display: "block",
    padding: "8px 8px 2px",
    fontSize: "12px",
    lineHeight: "16px",
    fontWeight: 600,
    color: role("text2"),
  },
  row: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    height: "24px",
    borderRadius: "3px",
    "&:hover > [data-minus], &:focus-within > [data-minus]": { opacity: 1 },
  },
  bar: {
    position: "absolute",
    left: "4px",
    top: "3px",
    bottom: "3px",
    borderRadius: "2px",
    opacity: 0.3,
    // The longest reaches under the button that leaves its value out.
    pointerEvents: "none",
  },
  value: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    gap: "6px",
    flex: 1,
    minWidth: 0,
    height: "24px",
    padding: "0 6px 0 8px",
    border: "none",
    borderRadius: "3px",
    background: "none",
    color: role("text1"),
    font: "inherit",
    fontSize: "13px",
    textAlign: "left",
    cursor: "pointer",
    ":hover": { background: role("hover") },
    ":focus-visible": { outline: `2px solid ${role("link")}`, outlineOffset: "-2px" },
  },
  on: { background: role("selected"), fontWeight: 600 },
  off: { textDecoration: "line-through", color: role("text3") },
  label: {
    flex: 1,
    minWidth: 0,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    "& bdi": { color: "inherit" },
  },
  count: { color: role("text2"), fontSize: "12px", flexShrink: 0 },
  minus: { opacity: 0, minWidth: "24px", width: "24px", height: "24px", padding: 0 },
  more: { fontSize: "12px", padding: "2px 8px", minWidth: 0, height: "24px", color: role("link") },
  note: { fontSize: "12px", padding: "2px 8px", color: role("text3") },
});

export function Facets(props: FacetsProps) {
  const { groups, onOnly, onExclude, onAdd, loading = false, shown = 7 } = props;
  const styles = useStyles();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);

  const lists = groups.map((group) => ({
    ...group,
    values: open.has(group.field)
      ? group.values
      : group.values.filter((value, index) => index < shown || value.state !== "free"),
    hidden: open.has(group.field) ? 0 : Math.max(0, group.values.length - shown),
  }));
  const keys = lists.flatMap((group) =>
    group.values.map((value) => `${group.field}\n${value.value}`),
  );
  const stop = focused !== null && keys.includes(focused) ? focused : keys[0];

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-facet]")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (at < 0) return;
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      buttons[Math.min(buttons.length - 1, Math.max(0, next))]?.focus();
      return;
    }
    const [field = "", value = ""] = (buttons[at]?.dataset.facet ?? "").split("\n");
    const group = groups.find((each) => each.field === field);
    if ((event.key === "-" || event.key === "Delete") && group?.single !== true) {
      event.preventDefault();
      onExclude(field, value);
    }
  };

  const act = (event: MouseEvent, group: FacetGroup, value: string) => {
    if (group.single === true) onOnly(group.field, value);
    else if (event.altKey) onExclude(group.field, value);
    else if (event.ctrlKey || event.metaKey) onAdd(group.field, value);
    else onOnly(group.field, value);
  };

  return (
    <div className={styles.list} onKeyDown={onKeyDown} aria-busy={loading}>
      {lists.map((group) => {
        const most = Math.max(1, ...group.values.map((value) => value.count ?? 0));
        if (group.values.length === 0) return null;
        return (
          <div key={group.field} role="group" aria-label={group.label}>
            <span className={styles.heading} aria-hidden>
              {group.label}
            </span>
            {group.values.map((value) => {
              const key = `${group.field}\n${value.value}`;
              const named = value.label ?? spoken(value.value);
              const count = value.count === null ? "" : countText(value.count);
              const Icon = value.icon;
              return (
                <div className={styles.row} key={key}>
                  {value.count !== null && value.state !== "off" && (
                    <span
                      className={styles.bar}
                      aria-hidden
                      style={{
                        width: `${String(Math.round((value.count / most) * 92))}%`,
                        background: role(value.colour ?? "strokeStrong"),
                      }}
                    />
                  )}
                  <button
                    type="button"
                    data-facet={key}
                    className={mergeClasses(
                      styles.value,
                      value.state === "on" && styles.on,
                      value.state === "off" && styles.off,
                    )}
                    tabIndex={stop === key ? 0 : -1}
                    aria-pressed={value.state === "on"}
                    aria-label={`${value.state === "off" ? "not " : ""}${named}${count === "" ? "" : ` ${count}`}`}
                    onFocus={() => {
                      setFocused(key);
                    }}
                    onClick={(event) => {
                      act(event, group, value.value);
                    }}
                  >
                    {Icon && <Icon fontSize={16} aria-hidden />}
                    <span className={styles.label}>
                      {value.label ?? <Value text={value.value} cut="middle" />}
                    </span>{" "}
                    <span className={styles.count}>{count}</span>
                  </button>
                  {group.single !== true && (
                    <Button
                      data-minus
                      className={styles.minus}
                      appearance="subtle"
                      size="small"
                      tabIndex={-1}
                      icon={<SubtractRegular fontSize={14} />}
                      aria-label={`${value.state === "off" ? "No longer leave out" : "Leave out"} ${named}`}
                      onClick={() => {
                        onExclude(group.field, value.value);
                      }}
                    />
                  )}
                </div>
              );
            })}
            {group.hidden > 0 && (
              <Button
                className={styles.more}
                appearance="transparent"
                size="small"
                onClick={() => {
                  setOpen((before) => new Set(before).add(group.field));
                }}
              >
                {`${String(group.hidden)} more of ${group.label}`}
              </Button>
            )}
            {group.hidden === 0 && group.more === true && (
              <p className={styles.note}>Others are rarer; filter to see them</p>
            )}
          </div>
        );
      })}
    </div>
  );
}
