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
  CopyRegular,
  DismissRegular,
  FlagRegular,
  ItemCompareRegular,
} from "@fluentui/react-icons";
import { role } from "@/app/theme";
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

export interface SelectionBarProps {
  count: number;
  mayFlag: boolean;
  onFlag: (colour: FlagColour | null) => void;
  /** null where not exactly two are selected */
  onCompare: (() => void) | null;
  onCopy: () => void;
  onClear: () => void;
}

/** What can be done with the rows that are ticked. */
export function SelectionBar(props: SelectionBarProps) {
  const styles = useStyles();
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selected events">
      <span className={styles.count} role="status">{`${String(props.count)} selected`}</span>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            size="small"
            icon={<FlagRegular />}
            disabled={!props.mayFlag}
            title={props.mayFlag ? undefined : "Your role may not flag events"}
          >
            Flag
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
        Copy
      </Button>
      <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={props.onClear}>
        Select none
      </Button>
    </div>
  );
}
