// Every filter in force as a chip, how many rows that leaves, and the trail of what is selected.
import { Button, makeStyles, Select } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import type { TimelineRow } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { Value } from "@/components/Value";
import { filterTerms } from "@/lib/filterText";
import { spoken } from "@/lib/hostile";
import { groupNamed } from "@/lib/sentence";
import { instantText, rangeText } from "@/lib/time";
import { countText } from "@/lib/amounts";
import { withGroup } from "./state";
import { isOfObject } from "./trail";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    minHeight: "36px",
    padding: "3px 16px",
    fontSize: "13px",
    background: role("surface"),
    borderBottom: `1px solid ${role("stroke")}`,
    flexWrap: "wrap",
  },
  chip: {
    display: "inline-flex",
    alignItems: "center",
    gap: "5px",
    height: "24px",
    maxWidth: "340px",
    padding: "0 2px 0 10px",
    borderRadius: "12px",
    background: role("brandSoft"),
    fontSize: "12px",
    minWidth: 0,
    "& > span": { overflow: "hidden", minWidth: 0, display: "inline-flex" },
  },
  name: { fontWeight: 600 },
  not: { color: role("severityHigh"), fontWeight: 600 },
  off: { minWidth: "24px", width: "24px", height: "24px", padding: 0, borderRadius: "12px" },
  clear: { minWidth: 0, padding: "0 4px", height: "24px", color: role("link") },
  grow: { flex: 1 },
  order: { "& select": { height: "24px", fontSize: "12px", paddingLeft: "8px" }, minWidth: 0 },
  count: {
    color: role("text2"),
    whiteSpace: "nowrap",
    "& b": { color: role("text1"), fontWeight: 600 },
  },
});

interface ChipText {
  key: string;
  not: boolean;
  name: string;
  value: string;
  /** The value is text of ours */
  ours: boolean;
  remove: () => void;
}

const number = (value: number, exact: boolean) => `${exact ? "" : "≈ "}${countText(value)}`;

export function Chips({ view, onTrail }: { view: TimelineView; onTrail: () => void }) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const { state, narrow, range } = view;

  const terms = filterTerms(state.q).map(({ text }, index): ChipText => {
    const not = text.startsWith("-");
    const body = not ? text.slice(1) : text;
    const [, name = "", value = body] = /^(\w+):(.*)$/s.exec(body) ?? [];
    return {
      key: `q-${String(index)}`,
      not,
      name,
      value,
      ours: false,
      remove: () => {
        const rest = filterTerms(state.q).filter((_, at) => at !== index);
        narrow({ q: rest.map((term) => term.text).join(" ") });
      },
    };
  });
  const groups = state.g.map((group): ChipText => {
    const not = group.startsWith("-");
    const name = not ? group.slice(1) : group;
    return {
      key: `g-${group}`,
      not,
      name: "",
      value: groupNamed(name).label,
      ours: true,
      remove: () => {
        narrow({ g: withGroup(state.g, name, "drop") });
      },
    };
  });
  const zoomed: ChipText[] =
    range?.isZoomed === true
      ? [
          {
            key: "zoom",
            not: false,
            name: range.from === range.whole.from ? "Before" : "Zoom",
            value:
              range.from === range.whole.from
                ? instantText(range.to, zone, "s")
                : rangeText(range.from, range.to, zone),
            ours: true,
            remove: () => {
              narrow({ zoom: null });
            },
          },
        ]
      : [];
  const segment: ChipText[] =
    state.flag !== null && state.flag !== "any"
      ? [
          {
            key: "flag",
            not: false,
            name: "Flag",
            value: state.flag,
            ours: true,
            remove: () => {
              narrow({ flag: "any" });
            },
          },
        ]
      : [];
  const chips = [...zoomed, ...segment, ...groups, ...terms];
  const shown = view.count.data;
  const total = shown ? shown.rows + shown.left_out : 0;
  const { selectedRow, trailCount } = view;

  const inForce = chips.length + (state.type === "all" && state.flag !== "any" ? 0 : 1);
  return (
    <div className={styles.bar} role="group" aria-label="Filters in force">
      {chips.map((chip) => (
        <span key={chip.key} className={styles.chip}>
          {chip.not && <b className={styles.not}>not</b>}
          {chip.name !== "" && <b className={styles.name}>{chip.name}</b>}
          <span>{chip.ours ? chip.value : <Value text={chip.value} cut="end" />}</span>
          <Button
            className={styles.off}
            appearance="subtle"
            size="small"
            icon={<DismissRegular fontSize={12} />}
            aria-label={`Remove the filter ${chip.not ? "not " : ""}${chip.name} ${spoken(chip.value).slice(0, 60)}`}
            onClick={chip.remove}
          />
        </span>
      ))}
      {inForce > 1 && (
        <Button
          className={styles.clear}
          appearance="transparent"
          size="small"
          onClick={() => {
            narrow({ q: "", g: [], zoom: null, type: "all", flag: null });
          }}
        >
          Clear
        </Button>
      )}
      <span className={styles.count} role="status">
        {shown && (
          <>
            <b>{number(shown.rows, shown.is_exact)}</b>
            {shown.left_out > 0
              ? ` of ${number(total, shown.is_exact)} shown, ${number(shown.left_out, shown.is_exact)} left out by ${view.filters === 1 ? "1 filter" : `${String(view.filters)} filters`}`
              : shown.rows === 1
                ? " event"
                : " events"}
          </>
        )}
      </span>
      <span className={styles.grow} />
      {selectedRow && view.trail && (
        <span className={styles.count}>
          {"Trail of "}
          <Value text={trailName(selectedRow)} />
          {`: ${String(view.trailInView)} in view${trailCount === null ? "" : `, ${countText(trailCount)} in all`} `}
          <Button className={styles.clear} appearance="transparent" size="small" onClick={onTrail}>
            Only this trail
          </Button>
        </span>
      )}
      <Select
        className={styles.order}
        size="small"
        aria-label="Order"
        title="Order (s)"
        value={state.sort}
        onChange={(_, data) => {
          view.setOrder(data.value === "time:desc" ? "time:desc" : "time:asc");
        }}
      >
        <option value="time:asc">Oldest first</option>
        <option value="time:desc">Newest first</option>
      </Select>
    </div>
  );
}

/** Name of the process that a row's trail is of. */
function trailName(row: TimelineRow) {
  return isOfObject(row) ? row.Title : row.Actor;
}
