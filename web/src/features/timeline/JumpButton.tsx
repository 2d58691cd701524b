import {
  Button,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
} from "@fluentui/react-components";
import { ArrowTurnDownRightRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { TimeInput } from "@/components/TimeInput";

const useStyles = makeStyles({
  surface: { width: "300px", display: "flex", flexDirection: "column", gap: "6px" },
});

/** Goes to the row nearest to an instant; filters and range stay. */
export function JumpButton(props: {
  open: boolean;
  onOpen: (open: boolean) => void;
  now: string;
  near: string;
  onJump: (time: string) => void;
}) {
  const { open, onOpen, now, near, onJump } = props;
  const styles = useStyles();
  const [text, setText] = useState("");
  const [time, setTime] = useState<string | null>(null);
  const go = () => {
    if (time === null) return;
    onJump(time);
    onOpen(false);
  };
  return (
    <Popover
      open={open}
      trapFocus
      onOpenChange={(_, data) => {
        onOpen(data.open);
      }}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Button icon={<ArrowTurnDownRightRegular />}>Jump</Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label="Jump to an instant">
        <TimeInput
          label="Jump to"
          value={text}
          onChange={(next, read) => {
            setText(next);
            setTime(read);
          }}
          now={now}
          near={near}
          onEnter={go}
        />
        <Button appearance="primary" disabled={time === null} onClick={go}>
          Go there
        </Button>
      </PopoverSurface>
    </Popover>
  );
}
