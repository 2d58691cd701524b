import { makeStyles } from "@fluentui/react-components";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import { CopyButton } from "@/components/CopyButton";
import { DropZone } from "@/components/DropZone";
import { counted, countText } from "@/lib/amounts";
import { mostFiles, type Dropped } from "@/lib/droppedFiles";
import { BatchCard } from "./BatchCard";
import { ImportsGrid } from "./ImportsGrid";
import { LeftOver } from "./LeftOver";
import { uploads, useUploads } from "./uploads";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", minHeight: 0, flex: 1 },
  head: {
    display: "flex",
    alignItems: "baseline",
    gap: "10px",
    padding: "10px 16px 8px",
    background: role("surface"),
  },
  title: { fontSize: "20px", lineHeight: "26px", fontWeight: 600 },
  muted: { color: role("text3") },
  doors: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1.15fr) minmax(0, 1fr)",
    gap: "12px",
    padding: "4px 16px 14px",
    background: role("surface"),
    borderBottom: `1px solid ${role("stroke")}`,
    "@media (max-width: 900px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  box: {
    border: `1px solid ${role("stroke")}`,
    borderRadius: "6px",
    padding: "12px 16px",
  },
  boxTitle: { fontSize: "14px", lineHeight: "20px", fontWeight: 600 },
  small: { fontSize: "12px", lineHeight: "16px", color: role("text3") },
  command: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    marginTop: "8px",
    padding: "2px 2px 2px 8px",
    borderRadius: "3px",
    background: role("sunken"),
    fontSize: "12px",
    "& code": { flex: 1, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  },
  note: {
    padding: "8px 16px",
    color: role("severityMedium"),
    background: role("severityMediumSoft"),
  },
});

const command = "spoor import --data ./var /evidence/FIN-LT-0417";

/** Where evidence comes in: what is dropped, what is on its way, what came before. */
export function ImportHome() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { may } = useSession();
  const all = useUploads();
  const [leftOut, setLeftOut] = useState(0);
  const opened = useRef(new Set<number>());
  const permitted = may("import.run");

  function take({ files, unread }: Dropped) {
    setLeftOut(unread);
    if (files.length > 0) uploads.add(files);
  }

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>Import</h1>
        <span className={styles.muted}>event logs from files; nothing is stored twice</span>
      </div>
      <div className={styles.doors}>
        <DropZone
          title="Drop event logs, folders or archives"
          wholePage
          onFiles={take}
          {...(permitted
            ? {}
            : {
                refusal:
                  "Importing needs the permission import.run. The roles analyst, responder and administrator have it.",
              })}
        >
          Windows event logs (EVTX), Windows events as XML, records as NDJSON; also inside .zip,
          .tar, .gz and .zst.
        </DropZone>
        <div className={styles.box}>
          <h2 className={styles.boxTitle}>From the command line</h2>
          <p className={styles.small}>the same import, for folders that are large</p>
          <div className={styles.command}>
            <code className="mono">{command}</code>
            <CopyButton text={command} label="Copy the command" />
          </div>
        </div>
      </div>
      {leftOut > 0 && (
        <p className={styles.note} role="status">
          {counted(leftOut, "file")} or folders were left out: the browser did not hand them out, or
          there were more than {countText(mostFiles)} at once.
        </p>
      )}
      {all.map((batch) => (
        <BatchCard
          key={batch.id}
          batch={batch}
          onStarted={(jobId) => {
            // Only what ends while one looks opens by itself, and only once.
            if (opened.current.has(batch.id)) return;
            opened.current.add(batch.id);
            uploads.dismiss(batch.id);
            void navigate(`/import/${jobId}`);
          }}
        />
      ))}
      {permitted && <LeftOver />}
      <ImportsGrid />
    </div>
  );
}
