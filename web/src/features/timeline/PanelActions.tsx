import { Button } from "@fluentui/react-components";
import { FlagRegular, NoteRegular, TextBulletListTreeRegular } from "@fluentui/react-icons";
import type { TimelineRow } from "@/api/gen/api";
import { asFlag } from "./columns";
import type { KeyActs } from "./keys";
import { subjectOf } from "./trail";

/** What the panel offers to do with its event. */
export function PanelActions({
  row,
  mayFlag,
  mayNote,
  acts,
}: {
  row: TimelineRow;
  mayFlag: boolean;
  mayNote: boolean;
  acts: KeyActs;
}) {
  const flag = asFlag(row.flag);
  return (
    <>
      <Button
        size="small"
        icon={<TextBulletListTreeRegular />}
        disabled={subjectOf(row) === null}
        onClick={() => {
          acts.tree(row);
        }}
      >
        Tree
      </Button>
      <Button
        size="small"
        icon={<FlagRegular />}
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
      <Button
        size="small"
        onClick={() => {
          acts.copyRow(row);
        }}
      >
        Copy
      </Button>
    </>
  );
}
