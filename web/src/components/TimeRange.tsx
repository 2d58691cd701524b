// The range of time that a page shows: a period that ends at the newest evidence, or two instants.
import {
  Button,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Radio,
  RadioGroup,
} from "@fluentui/react-components";
import { CalendarLtrRegular, ChevronDownRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { dateText, durationText, instantText, rangeText, ticksBetween } from "@/lib/time";
import { TimeInput } from "./TimeInput";

export interface TimeChoice {
  /** `P30D`, `all`, or null where the instants hold */
  last: string | null;
  from: string | null;
  to: string | null;
}

export interface TimeRangeProps {
  /** The period chosen; null where `range` was given by instants */
  last: string | null;
  /** What is in force */
  range: { from: string; to: string };
  /** Periods end here; null where there is no evidence */
  newest: string | null;
  onChange: (choice: TimeChoice) => void;
}

const periods = [
  ["P1D", "Past day"],
  ["P7D", "Past week"],
  ["P30D", "Past 30 days"],
  ["all", "All that is stored"],
] as const;

const useStyles = makeStyles({
  surface: { width: "320px", display: "flex", flexDirection: "column", gap: "8px" },
  note: { fontSize: "12px", lineHeight: "16px", color: role("text2") },
  small: { color: role("text3"), fontWeight: 400, marginLeft: "6px" },
  button: { whiteSpace: "nowrap", flexShrink: 0, fontWeight: 400 },
  heading: { fontSize: "12px", fontWeight: 600, color: role("text2") },
});

export function TimeRange({ last, range, newest, onChange }: TimeRangeProps) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const [open, setOpen] = useState(false);
  const now = newest ?? range.to;
  const [from, setFrom] = useState({ text: "", time: null as string | null });
  const [to, setTo] = useState({ text: "", time: null as string | null });
  const order = from.time !== null && to.time !== null && ticksBetween(from.time, to.time) > 0;

  const apply = () => {
    if (!order) return;
    onChange({ last: null, from: from.time, to: to.time });
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      trapFocus
      onOpenChange={(_, data) => {
        if (data.open) {
          setFrom({ text: instantText(range.from, zone, "s"), time: range.from });
          setTo({ text: instantText(range.to, zone, "s"), time: range.to });
        }
        setOpen(data.open);
      }}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Button className={styles.button} icon={<CalendarLtrRegular />}>
          {rangeText(range.from, range.to, zone)}
          <span className={styles.small}>{durationText(ticksBetween(range.from, range.to))}</span>
          <ChevronDownRegular fontSize={12} aria-hidden />
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label="Range of time">
        <RadioGroup
          aria-label="Period"
          value={last ?? ""}
          onChange={(_, data) => {
            onChange({ last: data.value, from: null, to: null });
            setOpen(false);
          }}
        >
          {periods.map(([value, label]) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </RadioGroup>
        <p className={styles.note}>
          {newest === null
            ? "No evidence is stored."
            : `Periods end at the newest evidence, ${dateText(newest, zone)}.`}
        </p>
        <span className={styles.heading}>From one instant to another</span>
        <TimeInput
          label="From"
          value={from.text}
          onChange={(text, time) => {
            setFrom({ text, time });
          }}
          now={now}
          near={range.from}
          onEnter={apply}
        />
        <TimeInput
          label="To"
          value={to.text}
          onChange={(text, time) => {
            setTo({ text, time });
          }}
          now={now}
          near={range.to}
          onEnter={apply}
        />
        {from.time !== null && to.time !== null && !order && (
          <p className={styles.note} role="alert">
            The end must be after the beginning.
          </p>
        )}
        <Button appearance="primary" disabled={!order} onClick={apply}>
          Show this range
        </Button>
      </PopoverSurface>
    </Popover>
  );
}
