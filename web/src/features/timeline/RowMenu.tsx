import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from "@fluentui/react-components";
import type { TimelineRow } from "@/api/gen/api";
import { copyText, defanged } from "@/lib/hostile";
import { columnField, columnText, rowText } from "./exports";

export interface MenuPlace {
  row: TimelineRow;
  columnId: string | null;
  x: number;
  y: number;
}

export interface RowMenuProps {
  place: MenuPlace | null;
  deviceName: string;
  mayFlag: boolean;
  onClose: () => void;
  onOnly: (field: string, value: string) => void;
  onExclude: (field: string, value: string) => void;
  onFlag: (row: TimelineRow) => void;
  onNote: (row: TimelineRow) => void;
  onTrail: (row: TimelineRow) => void;
  onOpen: (row: TimelineRow) => void;
}

const copy = (text: string) => void navigator.clipboard.writeText(text);

/** What can be done with the value and the row under the pointer or the focus. */
export function RowMenu(props: RowMenuProps) {
  const { place } = props;
  if (!place) return null;
  const { row, columnId, x, y } = place;
  const field = columnField(row, columnId);
  const value = columnText(row, columnId);
  const at = () => new DOMRect(x, y, 0, 0);
  return (
    <Menu
      open
      onOpenChange={(_, data) => {
        if (!data.open) props.onClose();
      }}
      positioning={{ target: { getBoundingClientRect: at }, position: "below", align: "start" }}
    >
      <MenuPopover>
        <MenuList aria-label="What to do with this row">
          <MenuItem
            onClick={() => {
              props.onOpen(row);
            }}
          >
            Open the panel
          </MenuItem>
          {field && field[1] !== "" && (
            <MenuItem
              onClick={() => {
                props.onOnly(...field);
              }}
            >
              {`Only this ${names[field[0]] ?? field[0]}`}
            </MenuItem>
          )}
          {field && field[1] !== "" && (
            <MenuItem
              onClick={() => {
                props.onExclude(...field);
              }}
            >
              {`Exclude this ${names[field[0]] ?? field[0]}`}
            </MenuItem>
          )}
          <MenuDivider />
          <MenuItem
            onClick={() => {
              copy(copyText(value));
            }}
          >
            Copy
          </MenuItem>
          <MenuItem
            onClick={() => {
              copy(defanged(value));
            }}
          >
            Copy defanged
          </MenuItem>
          <MenuItem
            onClick={() => {
              copy(rowText(row, props.deviceName));
            }}
          >
            Copy the row
          </MenuItem>
          <MenuDivider />
          <MenuItem
            onClick={() => {
              props.onTrail(row);
            }}
          >
            Only its trail
          </MenuItem>
          <MenuItem
            disabled={!props.mayFlag || row.is_technique}
            onClick={() => {
              props.onFlag(row);
            }}
          >
            {row.flag === "" ? "Flag" : "Take the flag away"}
          </MenuItem>
          <MenuItem
            disabled={!props.mayFlag || row.is_technique}
            onClick={() => {
              props.onNote(row);
            }}
          >
            Note
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

const names: Readonly<Record<string, string>> = {
  ActionType: "action type",
  Account: "account",
  Actor: "process",
  Title: "object",
  Source: "source",
  Techniques: "technique",
};
