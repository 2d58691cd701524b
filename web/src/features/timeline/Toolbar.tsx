// Range, jump, filter, segments, columns, export: what decides which rows are seen.
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Select,
  ToggleButton,
  Tooltip,
} from "@fluentui/react-components";
import {
  ArrowExportRegular,
  ColumnEditRegular,
  DataHistogramRegular,
  FilterRegular,
  KeyboardRegular,
} from "@fluentui/react-icons";
import type { ReactNode, RefObject } from "react";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import { FilterBar } from "@/components/FilterBar";
import { TimeRange } from "@/components/TimeRange";
import { flagColours } from "./columns";
import { filterFields } from "./fields";
import { useWide } from "./hooks";
import { JumpButton } from "./JumpButton";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "7px 16px",
    minHeight: "44px",
    background: role("surface"),
    flexWrap: "wrap",
    "& > button": { fontWeight: 400, minWidth: 0 },
  },
  segments: {
    display: "flex",
    "& > button": {
      minWidth: 0,
      borderRadius: 0,
      marginLeft: "-1px",
      padding: "5px 10px",
      whiteSpace: "nowrap",
      fontWeight: 400,
    },
    "& > button[aria-pressed=true]": {
      background: role("selected"),
      color: role("link"),
      fontWeight: 600,
    },
  },
  icon: { minWidth: "32px" },
});

/** Under so many pixels the rarer buttons are their icons alone */
const labelsFrom = 1440;

export interface ToolbarProps {
  view: TimelineView;
  filter: RefObject<HTMLInputElement | null>;
  jumpOpen: boolean;
  onJumpOpen: (open: boolean) => void;
  onJump: (time: string) => void;
  columns: readonly { id: string; header: string; shown: boolean }[];
  onColumns: (ids: readonly string[] | null) => void;
  overviewShown: boolean;
  onOverview: () => void;
  onExport: () => void;
  onHelp: () => void;
  /** Facets as a button, where there is no room for them */
  onFacets: (() => void) | null;
  /** Views that were saved, where the server keeps them */
  children?: ReactNode;
}

export function Toolbar(props: ToolbarProps) {
  const { view } = props;
  const styles = useStyles();
  const { may } = useSession();
  const wide = useWide(labelsFrom);
  const { state, narrow, range, evidence } = view;
  const segment = state.flag !== null ? "flagged" : state.type;
  const flagged = view.overview.data?.marks.filter((mark) => mark.kind === "flag").length ?? 0;
  const shown = props.columns.filter((column) => column.shown).map((column) => column.id);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Timeline">
      {range && (
        <TimeRange
          last={range.last}
          range={range.whole}
          newest={evidence?.newest ?? null}
          onChange={(choice) => {
            narrow({ ...choice, zoom: null });
          }}
        />
      )}
      {range && (
        <JumpButton
          open={props.jumpOpen}
          onOpen={props.onJumpOpen}
          now={evidence?.newest ?? range.to}
          near={range.to}
          onJump={props.onJump}
        />
      )}
      {props.onFacets && (
        <Button icon={<FilterRegular />} onClick={props.onFacets}>
          {view.filters === 0 ? "Facets" : `Facets ${String(view.filters)}`}
        </Button>
      )}
      <FilterBar
        label="Filter the timeline"
        value={state.q}
        onChange={(q) => {
          narrow({ q });
        }}
        fields={filterFields(view.facets.data)}
        error={view.refused}
        placeholder="Filter: words, or FileName:powershell.exe -Account:SYSTEM"
        inputRef={props.filter}
      />
      <div className={styles.segments} role="group" aria-label="Kind of rows">
        <ToggleButton
          checked={segment === "all"}
          onClick={() => {
            narrow({ type: "all", flag: null });
          }}
        >
          All
        </ToggleButton>
        <ToggleButton
          checked={segment === "technique"}
          onClick={() => {
            narrow({ type: "technique", flag: null });
          }}
        >
          Alerts and techniques
        </ToggleButton>
        <ToggleButton
          checked={segment === "flagged"}
          onClick={() => {
            narrow({ type: "all", flag: "any" });
          }}
        >
          {flagged === 0 ? "Flagged" : `Flagged ${String(flagged)}`}
        </ToggleButton>
      </div>
      {segment === "flagged" && (
        <Select
          aria-label="Colour of the flag"
          value={state.flag ?? "any"}
          onChange={(_, data) => {
            narrow({ flag: data.value });
          }}
        >
          <option value="any">Any colour</option>
          {flagColours.map((colour) => (
            <option key={colour} value={colour}>
              {colour.charAt(0).toUpperCase() + colour.slice(1)}
            </option>
          ))}
        </Select>
      )}
      {props.children}
      <Menu
        checkedValues={{ columns: shown }}
        onCheckedValueChange={(_, data) => {
          props.onColumns(data.checkedItems);
        }}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button
            className={wide ? undefined : styles.icon}
            icon={<ColumnEditRegular />}
            aria-label="Columns"
            title={wide ? undefined : "Columns"}
          >
            {wide && "Columns"}
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {props.columns.map((column) => (
              <MenuItemCheckbox
                key={column.id}
                name="columns"
                value={column.id}
                disabled={column.id === "time" || column.id === "event"}
              >
                {column.header}
              </MenuItemCheckbox>
            ))}
            <MenuItem
              onClick={() => {
                props.onColumns(null);
              }}
            >
              Reset columns
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button
        icon={<ArrowExportRegular />}
        disabled={!may("export.run")}
        className={wide ? undefined : styles.icon}
        aria-label="Export"
        title={
          !may("export.run")
            ? "Your role may not take events out as files"
            : wide
              ? undefined
              : "Export"
        }
        onClick={props.onExport}
      >
        {wide && "Export"}
      </Button>
      <Tooltip
        content={
          props.overviewShown ? "Hide the overview (Shift H)" : "Show the overview (Shift H)"
        }
        relationship="label"
      >
        <ToggleButton
          className={styles.icon}
          checked={props.overviewShown}
          icon={<DataHistogramRegular />}
          onClick={props.onOverview}
        />
      </Tooltip>
      <Tooltip content="Keys of the timeline (?)" relationship="label">
        <Button className={styles.icon} icon={<KeyboardRegular />} onClick={props.onHelp} />
      </Tooltip>
    </div>
  );
}
