import { Button, Link, makeStyles } from "@fluentui/react-components";
import { PauseRegular, PlayRegular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { role } from "@/app/theme";
import { JobProgress, share, type JobState } from "@/components/JobProgress";
import { StatusDot, type Status } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { bytesText, counted } from "@/lib/amounts";
import { nameOf, othersOf } from "@/lib/importName";
import { isActive, totals, type Batch, type FileState, type UploadFile } from "./batch";
import { uploads } from "./uploads";

const useStyles = makeStyles({
  card: {
    display: "flex",
    flexDirection: "column",
    gap: "8px",
    padding: "12px 16px",
    background: role("surface"),
    borderBottom: `1px solid ${role("stroke")}`,
  },
  row: { display: "flex", alignItems: "center", gap: "8px", minWidth: 0 },
  grow: { flex: 1 },
  muted: { color: role("text3"), whiteSpace: "nowrap" },
  interrupted: { color: role("severityMedium") },
  failed: { color: role("severityHigh") },
  files: {
    maxHeight: "220px",
    overflow: "auto",
    border: `1px solid ${role("stroke")}`,
    borderRadius: "4px",
  },
  file: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 90px minmax(160px, 300px)",
    gap: "12px",
    alignItems: "center",
    minHeight: "26px",
    padding: "0 10px",
    borderBottom: `1px solid ${role("stroke")}`,
  },
  link: { fontSize: "inherit", lineHeight: "inherit" },
  number: { textAlign: "right", color: role("text2") },
});

const states: Record<FileState, Status> = {
  waiting: "none",
  sending: "running",
  sent: "good",
  failed: "bad",
};

function fileWords(file: UploadFile): string {
  switch (file.state) {
    case "waiting":
      return "Waiting";
    case "sending":
      return `${String(share(file.received, file.size))} %`;
    case "sent":
      return "Uploaded";
    case "failed":
      return file.reason;
  }
}

const bars: Record<Batch["state"], JobState> = {
  waiting: "waiting",
  sending: "running",
  interrupted: "running",
  started: "done",
  failed: "failed",
  stopped: "stopped",
};

/** Milliseconds over which the speed is told */
const speedSpan = 5000;

/** Bytes a second over the newest changes; null before there is a second of them. */
function useUploadSpeed(received: number): number | null {
  const [samples, setSamples] = useState<readonly { at: number; received: number }[]>([]);
  if (samples.at(-1)?.received !== received) {
    const at = Date.now();
    setSamples([...samples.filter((each) => at - each.at < speedSpan), { at, received }]);
  }
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at - first.at < 1000) return null;
  return Math.max(0, Math.round(((last.received - first.received) * 1000) / (last.at - first.at)));
}

/** Most files whose state is listed; the counts are of all. */
const listed = 500;

/** One upload on its way, from this tab. */
export function BatchCard({
  batch,
  onStarted,
}: {
  batch: Batch;
  /** The upload became an import while this was shown */
  onStarted: (jobId: string) => void;
}) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const sum = totals(batch);
  const job = { id: String(batch.id), names: batch.files.map(({ path }) => path) };
  const active = isActive(batch);
  const wasActive = useRef(active);
  const hand = useRef(onStarted);
  useEffect(() => {
    hand.current = onStarted;
  });
  const client = useQueryClient();
  useEffect(() => {
    if (batch.jobId !== null) void client.invalidateQueries({ queryKey: ["listImports"] });
  }, [batch.jobId, client]);
  useEffect(() => {
    if (wasActive.current && batch.jobId !== null && sum.failed === 0) hand.current(batch.jobId);
  }, [batch.jobId, sum.failed]);
  const speed = useUploadSpeed(sum.received);
  const shown = [...batch.files]
    .sort((a, b) => Number(b.state === "failed") - Number(a.state === "failed"))
    .slice(0, listed);

  return (
    <section className={styles.card} aria-label={`Upload of ${nameOf(job)}`}>
      <div className={styles.row}>
        <Value text={nameOf(job)} kind="name" cut="middle" />
        <span className={styles.muted}>{othersOf(job)}</span>
        <span className={styles.muted}>{counted(batch.files.length, "file")}</span>
        <span className={styles.grow} />
        {active && (
          <Button
            size="small"
            icon={batch.isPaused ? <PlayRegular /> : <PauseRegular />}
            onClick={() => {
              uploads.pause(batch.id, !batch.isPaused);
            }}
          >
            {batch.isPaused ? "Go on" : "Pause"}
          </Button>
        )}
        {active ? (
          <Button
            size="small"
            onClick={() => {
              uploads.stop(batch.id);
            }}
          >
            Stop the upload
          </Button>
        ) : (
          <>
            {batch.jobId !== null && (
              <Button
                size="small"
                appearance="primary"
                onClick={() => {
                  if (batch.jobId !== null) onStarted(batch.jobId);
                }}
              >
                Open the import
              </Button>
            )}
            <Button
              size="small"
              onClick={() => {
                uploads.dismiss(batch.id);
              }}
            >
              Take from this list
            </Button>
          </>
        )}
      </div>
      <JobProgress
        label={`Upload of ${nameOf(job)}`}
        done={sum.received}
        total={sum.bytes}
        state={batch.isPaused ? "stopped" : bars[batch.state]}
        facts={[
          batch.state === "waiting"
            ? "Waits for the import before it"
            : `${String(share(sum.received, sum.bytes))} %, ${bytesText(sum.received)} of ${bytesText(sum.bytes)}`,
          ...(speed !== null && active && !batch.isPaused ? [`${bytesText(speed)} a second`] : []),
          `${counted(sum.sent, "file")} uploaded`,
          ...(sum.resumed > 0 ? [`${counted(sum.resumed, "file")} continued`] : []),
          ...(sum.failed > 0
            ? [
                <span key="failed" className={styles.failed}>
                  {counted(sum.failed, "file")} not uploaded
                </span>,
              ]
            : []),
          <Link
            key="files"
            as="button"
            className={styles.link}
            aria-expanded={open}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {open ? "Hide the files" : "Show the files"}
          </Link>,
          ...(active ? ["You may look at other pages; the tab must stay open."] : []),
        ]}
      />
      {batch.isPaused && active && <p role="status">Paused. What has arrived is kept for a day.</p>}
      {batch.state === "interrupted" && (
        <p className={styles.interrupted} role="status">
          {batch.reason}
        </p>
      )}
      {batch.state === "failed" && (
        <p className={styles.failed} role="alert">
          Not imported: {batch.reason} What has arrived is kept for a day: drop the same files to go
          on.
        </p>
      )}
      {batch.state === "stopped" && <p role="status">Stopped. Nothing was imported.</p>}
      {open && (
        <ul className={styles.files} tabIndex={0} aria-label="Files">
          {shown.map((file) => (
            <li key={file.path} className={styles.file}>
              <Value text={file.path} kind="path" cut="middle" />
              <span className={styles.number}>{bytesText(file.size)}</span>
              <StatusDot status={states[file.state]}>{fileWords(file)}</StatusDot>
            </li>
          ))}
          {batch.files.length > listed && (
            <li className={styles.file}>
              and {counted(batch.files.length - listed, "more file", "more files")}
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
