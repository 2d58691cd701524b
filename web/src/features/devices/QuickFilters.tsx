// The filters that are asked for most, one menu each; they write the same language as the filter bar.
import {
  Menu,
  MenuButton,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { query } from "@/api/call";
import type { DeviceRow } from "@/api/gen/api";
import { Value } from "@/components/Value";
import { criticalityText, healthText } from "@/lib/deviceWords";
import { filterTerms, readTerm, valueState, withValue } from "@/lib/filterText";
import css from "./devices.module.css";

interface Quick {
  field: string;
  label: string;
  /** Where the values come from: fixed ones, those of the rows that were read, the tags */
  values: readonly string[] | ((row: DeviceRow) => string) | "tags";
  /** How a fixed value reads */
  word?: (value: string) => string;
}

const health = ["Active", "Inactive", "ImpairedCommunication", "NoSensorData", "LogsOnly"];

const quick: readonly Quick[] = [
  { field: "ExposureLevel", label: "Exposure", values: ["High", "Medium", "Low"] },
  { field: "OSPlatform", label: "OS", values: (row) => row.os_platform },
  {
    field: "Health",
    label: "Health",
    values: health,
    word: (value) => healthText({ health: value, is_silent: false, last_seen: null }, 0).text,
  },
  {
    field: "Criticality",
    label: "Criticality",
    values: ["VeryHigh", "High", "Medium", "Low"],
    word: (value) => criticalityText(value as DeviceRow["criticality"]),
  },
  { field: "Domain", label: "Domain", values: (row) => row.domain },
  { field: "Tags", label: "Tags", values: "tags" },
  { field: "MachineGroup", label: "Group", values: (row) => row.group },
];

/** Values that a menu offers at most */
const mostValues = 40;

function chosen(q: string, field: string): string[] {
  return filterTerms(q).flatMap(({ text }) => {
    const term = readTerm(text);
    return term && !term.not && term.field.toLowerCase() === field.toLowerCase() ? term.values : [];
  });
}

function valuesOf(rows: readonly DeviceRow[], of: (row: DeviceRow) => string): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = of(row);
    if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, mostValues)
    .map(([value]) => value);
}

function QuickMenu({
  of,
  rows,
  q,
  onFilter,
}: {
  of: Quick;
  rows: readonly DeviceRow[];
  q: string;
  onFilter: (q: string) => void;
}) {
  const { field, label, values, word } = of;
  const [open, setOpen] = useState(false);
  const tags = useQuery({ ...query("listDeviceTags", {}), enabled: open && values === "tags" });
  const on = chosen(q, field);
  const offered = useMemo(() => {
    const known =
      values === "tags"
        ? (tags.data?.items ?? []).slice(0, mostValues).map(({ tag }) => tag)
        : typeof values === "function"
          ? valuesOf(rows, values)
          : values;
    return [...new Set([...on, ...known])];
  }, [values, tags.data, rows, on]);
  const shown =
    on.length === 0 ? "any" : on.length === 1 ? (on[0] ?? "") : `${String(on.length)} of them`;
  const waits = values === "tags" && tags.isFetching && offered.length === 0;
  return (
    <Menu
      open={open}
      onOpenChange={(_, data) => {
        setOpen(data.open);
      }}
      checkedValues={{ [field]: offered.filter((value) => valueState(q, field, value) === "on") }}
      onCheckedValueChange={(_, data) => {
        const added = data.checkedItems.find((value) => !on.includes(value));
        const gone = on.find((value) => !data.checkedItems.includes(value));
        if (added !== undefined) onFilter(withValue(q, field, added, "add"));
        else if (gone !== undefined) onFilter(withValue(q, field, gone, "drop"));
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <MenuButton
          className={css.pill}
          size="small"
          shape="circular"
          appearance={on.length > 0 ? "primary" : "secondary"}
          aria-label={`${label}: ${shown}`}
        >
          {label} <b>{word && on.length === 1 ? word(shown) : shown}</b>
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList className={css.pillList}>
          {offered.map((value) => (
            <MenuItemCheckbox key={value} name={field} value={value}>
              {word ? word(value) : <Value text={value} cut="end" />}
            </MenuItemCheckbox>
          ))}
          {waits && (
            <MenuItem disabled icon={<Spinner size="tiny" />}>
              Reading the tags.
            </MenuItem>
          )}
          {!waits && offered.length === 0 && (
            <MenuItem disabled>{tags.error ? "Could not be read" : "None is known"}</MenuItem>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** One menu a field, with what is chosen on its face. */
export function QuickFilters({
  rows,
  q,
  onFilter,
}: {
  /** Those that were read: their values are offered */
  rows: readonly DeviceRow[];
  q: string;
  onFilter: (q: string) => void;
}) {
  return (
    <div className={css.pills} role="group" aria-label="Filters">
      {quick.map((of) => (
        <QuickMenu key={of.field} of={of} rows={rows} q={q} onFilter={onFilter} />
      ))}
    </div>
  );
}
