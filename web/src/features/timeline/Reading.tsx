// The rows are being read: says so where it takes long, and lets the person stop it.
import { makeStyles } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { role } from "@/app/theme";
import { StateBlock } from "@/components/StateBlock";
import { rangeText, type Zone } from "@/lib/time";
import type { Range } from "./state";

/** Milliseconds from which on a wait is long */
const longWait = 2000;
/** Lines of a screen */
const lines = Array.from({ length: 26 }, (_, at) => at);

const useStyles = makeStyles({
  box: { position: "relative", flex: 1, minHeight: 0, overflow: "hidden" },
  line: { height: "26px", borderBottom: `1px solid ${role("stroke")}`, padding: "8px 16px" },
  bar: { display: "block", height: "9px", borderRadius: "2px", background: role("sunken") },
  over: { position: "absolute", inset: 0, background: role("surface"), opacity: 0.94 },
});

export interface ReadingProps {
  range: Range | null;
  zone: Zone;
  onStop: () => void;
  /** Was stopped by the person */
  stopped: boolean;
  onGoOn: () => void;
}

export function Reading({ range, zone, onStop, stopped, onGoOn }: ReadingProps) {
  const styles = useStyles();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLong(true);
    }, longWait);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  const of = range ? rangeText(range.from, range.to, zone) : "";
  if (stopped) {
    return (
      <StateBlock
        kind="empty"
        title="Stopped before any row was read."
        detail={of}
        action={{ label: "Go on", onClick: onGoOn }}
      />
    );
  }
  return (
    <div className={styles.box} aria-busy>
      {range !== null && (
        <div aria-hidden>
          {lines.map((line) => (
            <div key={line} className={styles.line}>
              <span
                className={styles.bar}
                style={{ width: `${String(40 + ((line * 37) % 50))}%` }}
              />
            </div>
          ))}
        </div>
      )}
      {long && (
        <div className={styles.over}>
          <StateBlock
            kind="loading"
            title={range === null ? "Still reading the device." : `Still reading ${of}.`}
            {...(range === null ? {} : { action: { label: "Stop", onClick: onStop } })}
          />
        </div>
      )}
    </div>
  );
}
