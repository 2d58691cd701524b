import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import {
  ArrowExportRegular,
  CopyRegular,
  DismissRegular,
  FlagRegular,
  ItemCompareRegular,
} from "@fluentui/react-icons";
import { role } from "@/app/theme";
import { countText } from "@/lib/amounts";
import { flagColours, type FlagColour } from "./columns";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    minHeight: "40px",
    padding: "4px 16px",
    background: role("raised"),
    borderTop: `1px solid ${role("strokeStrong")}`,
    fontSize: "13px",
  },
  count: { fontWeight: 600 },
});

/** Flags are set event by event: more at once would keep the server busy */
const mostFlagged = 200;

export interface SelectionBarProps {
  /** Rows ticked; all of them are loaded */
  count: number;
  /** Rows that match, where all of them are meant; null: those ticked alone */
  whole: { rows: number; exact: boolean } | null;
  mayFlag: boolean;
  mayExport: boolean;
  onFlag: (colour: FlagColour | null) => void;
  /** null where not exactly two are selected */
  onCompare: (() => void) | null;
  onCopy: () => void;
  onExport: () => void;
  onClear: () => void;
}

/** What can be done with the rows that are ticked. */
export function SelectionBar(props: SelectionBarProps) {
  const styles = useStyles();
  const { count, whole } = props;
  const loaded = `${countText(count)} loaded`;
  const isPart = whole !== null && whole.rows > count;
  const cannotFlag = !props.mayFlag
    ? "Your role may not flag events"
    : count > mostFlagged
      ? `At most ${countText(mostFlagged)} events are flagged at once`
      : undefined;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selected events">
      <span className={styles.count} role="status">
        {whole
          ? `All ${whole.exact ? "" : "≈ "}${countText(whole.rows)} that match`
          : `${countText(count)} selected`}
      </span>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            size="small"
            icon={<FlagRegular />}
            disabled={cannotFlag !== undefined}
            title={cannotFlag}
          >
            {isPart ? `Flag the ${loaded}` : "Flag"}
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {flagColours.map((colour) => (
              <MenuItem
                key={colour}
                onClick={() => {
                  props.onFlag(colour);
                }}
              >
                {colour.charAt(0).toUpperCase() + colour.slice(1)}
              </MenuItem>
            ))}
            <MenuItem
              onClick={() => {
                props.onFlag(null);
              }}
            >
              No flag
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button
        size="small"
        icon={<ItemCompareRegular />}
        disabled={!props.onCompare}
        title={props.onCompare ? undefined : "Select two events to compare them"}
        onClick={() => props.onCompare?.()}
      >
        Compare
      </Button>
      <Button size="small" icon={<CopyRegular />} onClick={props.onCopy}>
        {isPart ? `Copy the ${loaded}` : "Copy"}
      </Button>
      {whole && (
        <Button
          size="small"
          icon={<ArrowExportRegular />}
          disabled={!props.mayExport}
          title={props.mayExport ? undefined : "Your role may not take events out as files"}
          onClick={props.onExport}
        >
          Export all
        </Button>
      )}
      <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={props.onClear}>
        Select none
      </Button>
    </div>
  );
}
