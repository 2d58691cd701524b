// The line under the rows: what is loaded, what arrives, the keys that are wanted most.
import { Button, makeStyles, Switch } from "@fluentui/react-components";
import { role } from "@/app/theme";
import { StatusDot } from "@/components/StatusDot";
import { countText } from "@/lib/amounts";
import { mostLive, type Live } from "./live";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  foot: {
    display: "flex",
    alignItems: "center",
    gap: "16px",
    minHeight: "24px",
    padding: "0 16px",
    fontSize: "12px",
    lineHeight: "20px",
    color: role("text3"),
    background: role("surface"),
    borderTop: `1px solid ${role("stroke")}`,
    whiteSpace: "nowrap",
    overflow: "hidden",
  },
  show: { minWidth: 0, padding: "0 4px", height: "24px", color: role("link") },
  follow: {
    "& label": { padding: "0 4px", fontSize: "12px", lineHeight: "24px" },
    "& > div": { margin: "0 0 0 4px" },
  },
  grow: { flex: 1 },
  keys: {
    display: "inline-flex",
    gap: "16px",
    "@media (max-width: 1180px)": { display: "none" },
    "& kbd": {
      padding: "0 5px",
      border: `1px solid ${role("strokeStrong")}`,
      borderRadius: "3px",
      marginRight: "4px",
      fontSize: "11px",
    },
  },
});

const keys = [
  ["F", "flag"],
  ["T", "only trail"],
  ["E", "exclude like this"],
  ["[ ]", "alerts"],
  ["?", "all keys"],
] as const;

const events = (count: number, word: string) =>
  `${countText(count)} ${word} event${count === 1 ? "" : "s"}`;

/** What is said of events that arrived and are not shown; empty where there are none. */
export function liveWords(live: Live, order: "asc" | "desc"): string {
  if (live.hasFailed) return "Live: new events could not be asked for. The next try is in 10 s.";
  if (live.waiting === 0) return "";
  const count = live.hasMore
    ? `more than ${countText(mostLive)} new events`
    : events(live.waiting, "new");
  return `Live: ${count} wait${live.waiting === 1 && !live.hasMore ? "s" : ""} ${order === "asc" ? "below" : "above"}`;
}

export function Foot({ view, onShow }: { view: TimelineView; onShow: () => void }) {
  const styles = useStyles();
  const { live, follows, setFollows, order, rows, readAgain } = view;
  const loaded = rows.filter((row) => !row.is_technique).length;
  const words = liveWords(live, order);
  const late = live.late === 0 ? "" : `${events(live.late, "earlier")} arrived.`;
  return (
    <footer className={styles.foot}>
      <span role="status" aria-label="Live">
        {live.isOn && (words !== "" || late !== "") && (
          <StatusDot status={live.hasFailed ? "warning" : "good"}>
            {[words, late].filter((part) => part !== "").join(". ")}
          </StatusDot>
        )}
      </span>
      {live.isOn && live.waiting > 0 && (
        <Button
          className={styles.show}
          appearance="transparent"
          size="small"
          onClick={() => {
            live.show();
            onShow();
          }}
        >
          Show new events
        </Button>
      )}
      {late !== "" && (
        <Button className={styles.show} appearance="transparent" size="small" onClick={readAgain}>
          Show earlier events
        </Button>
      )}
      {live.isOn && (
        <Switch
          className={styles.follow}
          label="Follow"
          checked={follows}
          onChange={(_, data) => {
            setFollows(data.checked);
            if (data.checked) onShow();
          }}
        />
      )}
      <span>
        {rows.length > 0 &&
          `Loaded ${countText(loaded)}${view.count.data ? ` of ${countText(view.count.data.rows + live.rows.length)}` : ""}`}
      </span>
      <span className={styles.grow} />
      <span className={styles.keys} aria-hidden>
        {keys.map(([key, words]) => (
          <span key={key}>
            <kbd>{key}</kbd>
            {words}
          </span>
        ))}
      </span>
    </footer>
  );
}
