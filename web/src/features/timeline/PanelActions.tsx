import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import {
  CodeRegular,
  FlagFilled,
  FlagRegular,
  MoreHorizontalRegular,
  NoteRegular,
  TextBulletListTreeRegular,
} from "@fluentui/react-icons";
import type { TimelineRow } from "@/api/gen/api";
import { role } from "@/app/theme";
import { asFlag, flagRoles } from "./columns";
import type { KeyActs } from "./keys";
import { subjectOf } from "./trail";
import { spans, spanWords, type Kql } from "./useKql";

/** What the panel offers to do with its event. */
export function PanelActions({
  row,
  mayFlag,
  mayNote,
  acts,
  kql,
}: {
  row: TimelineRow;
  mayFlag: boolean;
  mayNote: boolean;
  acts: KeyActs;
  kql: Kql;
}) {
  const flag = asFlag(row.flag);
  const hasProcess = subjectOf(row) !== null;
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button size="small" icon={<CodeRegular />}>
            Copy as KQL
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {spans.map((minutes) => (
              <MenuItem
                key={minutes}
                onClick={() => {
                  kql.around(row, minutes);
                }}
              >
                {`Everything ${spanWords(minutes)} around it`}
              </MenuItem>
            ))}
            <MenuItem
              disabled={!hasProcess}
              onClick={() => {
                kql.around(row, null);
              }}
            >
              The trail of its process
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button
        size="small"
        icon={<TextBulletListTreeRegular />}
        disabled={!hasProcess}
        title={hasProcess ? undefined : "No process is recorded with this event"}
        onClick={() => {
          acts.tree(row);
        }}
      >
        Tree
      </Button>
      <Button
        size="small"
        icon={flag ? <FlagFilled style={{ color: role(flagRoles[flag]) }} /> : <FlagRegular />}
        disabled={!mayFlag || row.is_technique}
        title={mayFlag ? undefined : "Your role may not flag events"}
        onClick={() => {
          acts.flag(row, "toggle");
        }}
      >
        {flag ? `Flagged ${flag}` : "Flag"}
      </Button>
      <Button
        size="small"
        icon={<NoteRegular />}
        disabled={!mayNote || row.is_technique}
        title={mayNote ? undefined : "Your role may not write notes"}
        onClick={() => {
          acts.note(row);
        }}
      >
        Note
      </Button>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button
            size="small"
            appearance="subtle"
            icon={<MoreHorizontalRegular />}
            aria-label="More to do with this event"
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem
              onClick={() => {
                acts.copyRow(row);
              }}
            >
              Copy as text
            </MenuItem>
            <MenuItem
              onClick={() => {
                acts.copyJson(row);
              }}
            >
              Copy as JSON
            </MenuItem>
            <MenuItem
              onClick={() => {
                acts.copyLink(row);
              }}
            >
              Copy link
            </MenuItem>
            <MenuDivider />
            <MenuItem
              onClick={() => {
                acts.compare(row);
              }}
            >
              Compare with another event
            </MenuItem>
            <MenuItem
              disabled={!hasProcess}
              onClick={() => {
                acts.trail(row);
              }}
            >
              Only its trail
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </>
  );
}
