import { Button, Tooltip } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "@/api/call";
import type { Import, ImportReport } from "@/api/gen/api";
import { useBreadcrumb } from "@/app/breadcrumb";
import { useSession } from "@/app/session";
import { ConfirmByName } from "@/components/ConfirmByName";
import { JobProgress, share } from "@/components/JobProgress";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { StatusDot } from "@/components/StatusDot";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import { bytesText, counted, countText } from "@/lib/amounts";
import { nameOf, othersOf } from "@/lib/importName";
import css from "./import.module.css";
import { JobFiles } from "./JobFiles";
import { ReadyBanner } from "./ReadyBanner";
import { useImport, type Speed } from "./useImport";
import { useReport } from "./useReport";
import { isEnded, secondsText, stateOf } from "./words";

function runningFacts({ progress }: Import, speed: Speed | null) {
  if (progress.state === "queued") {
    return ["Waits for the imports before it.", "You may leave this page."];
  }
  const left = speed?.left ?? null;
  return [
    `${String(share(progress.bytes_done, progress.bytes_total))} %${left === null ? "" : `, about ${secondsText(left)} left`}`,
    `${bytesText(progress.bytes_done)} of ${bytesText(progress.bytes_total)}`,
    `${counted(progress.records, "record")} read`,
    ...(speed
      ? [`${counted(speed.records, "record")} a second, ${bytesText(speed.bytes)} a second`]
      : []),
    ...(progress.file === ""
      ? []
      : [
          <span key="file">
            reading <Value text={progress.file} cut="middle" />
          </span>,
        ]),
    "You may leave this page.",
  ];
}

function endedFacts(report: ImportReport) {
  return [
    `${bytesText(report.bytes)} in ${counted(report.files, "file")}`,
    `${counted(report.records, "record")} read`,
    `${counted(report.rows, "row")} stored`,
    `${countText(report.source_only)} kept only as source records`,
    `${counted(report.duplicates, "duplicate")} left out`,
    ...(report.carved ? [`${countText(report.carved)} recovered from slack space`] : []),
    ...(report.unread.length > 0 ? [`${counted(report.unread.length, "file")} not read`] : []),
    <span key="errors" className={report.error_count > 0 ? css.bad : undefined}>
      {counted(report.error_count, "error")}
    </span>,
    secondsText(report.seconds),
  ];
}

/** One import: how far it is, or what it brought and what it could not read. */
export function JobPage({ id }: { id: string }) {
  const client = useQueryClient();
  const say = useUndoToast();
  const { may } = useSession();
  const { data: job, error, isPending, refetch, speed } = useImport(id);
  const { report } = useReport(job);
  const [asks, setAsks] = useState(false);
  const [refusal, setRefusal] = useState("");
  useBreadcrumb({ label: "Import", to: "/import" }, { label: job ? nameOf(job) : id });

  if (!job) {
    if (isPending) return <StateBlock kind="loading" title="Reading the import." />;
    return (
      <ErrorState what="The import could not be read" error={error} retry={() => void refetch()} />
    );
  }
  const { progress } = job;
  const ended = isEnded(progress.state);
  const state = stateOf(progress, report);
  const canPurge = ended && progress.state !== "purged";
  const removed = report ? report.records - report.duplicates : null;

  async function again() {
    await client.invalidateQueries({ queryKey: ["getImport"] });
    await client.invalidateQueries({ queryKey: ["listImports"] });
  }
  async function stop() {
    setRefusal("");
    try {
      await call("cancelImport", { path: { import_id: id } });
      await again();
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause.message : String(cause));
    }
  }
  async function purge() {
    const { records } = await call("purgeImport", { path: { import_id: id } });
    say(`Removed ${counted(records, "record")} of this import.`);
    await again();
    await client.invalidateQueries({ queryKey: ["listDevices"] });
  }

  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1>
          <Value text={nameOf(job)} kind="name" cut="middle" />
        </h1>
        <span className={css.muted}>
          {[
            othersOf(job),
            job.owner === "" ? "started from the command line" : `started by ${job.owner}`,
          ]
            .filter(Boolean)
            .join(", ")}
        </span>
        <StatusDot status={state.status}>{state.text}</StatusDot>
        <span className={css.grow} />
        {!ended && (
          <Button size="small" disabled={!may("import.run")} onClick={() => void stop()}>
            Stop, keep what is in
          </Button>
        )}
        {canPurge && (
          <Tooltip
            relationship="description"
            content={
              may("import.purge")
                ? "Takes what this import stored out again, for good"
                : "Removing needs the permission import.purge, which administrators have."
            }
          >
            <Button
              size="small"
              disabledFocusable={!may("import.purge")}
              onClick={() => {
                setAsks(true);
              }}
            >
              Remove this import
            </Button>
          </Tooltip>
        )}
      </div>
      <div className={css.progress}>
        <JobProgress
          label={`Import of ${nameOf(job)}`}
          done={progress.bytes_done}
          total={progress.bytes_total}
          state={state.bar}
          facts={ended ? (report ? endedFacts(report) : []) : runningFacts(job, speed)}
        />
        {refusal !== "" && (
          <p className={css.bad} role="alert">
            It was not stopped: {refusal}
          </p>
        )}
      </div>
      {progress.state === "failed" && (
        <div className={`${css.banner} ${css.failed}`} role="alert">
          <span>
            <b>The import failed:</b>{" "}
            {progress.reason === "" ? "the reason is not known" : progress.reason}
            {". "}What was stored before stays. The uploaded files are kept for a day.
          </span>
        </div>
      )}
      {progress.state === "cancelled" && (
        <div className={`${css.banner} ${css.warning}`}>
          <span>
            <b>Stopped.</b> What was read until then is stored and stays.
          </span>
        </div>
      )}
      {progress.state === "interrupted" && (
        <div className={`${css.banner} ${css.warning}`}>
          <span>
            <b>Cut off.</b> The server ended before the import did. Import the same files again to
            go on: what is stored is left out. The uploaded files are kept for a day.
          </span>
        </div>
      )}
      {progress.state === "purged" && (
        <div className={`${css.banner} ${css.warning}`}>
          <span>
            <b>Removed.</b> What this import stored is gone; its report stays.
          </span>
        </div>
      )}
      {report && progress.state !== "purged" && <ReadyBanner id={id} report={report} />}
      <JobFiles job={job} report={report} />
      {asks && (
        <ConfirmByName
          title="Remove this import"
          name={nameOf(job)}
          act={removed === null ? "Remove what it stored" : `Remove ${counted(removed, "record")}`}
          onConfirm={purge}
          onClose={() => {
            setAsks(false);
          }}
        >
          {removed === null ? "All records" : counted(removed, "record")} that this import stored,
          and the rows made of them, go for good. Flags and notes on them lose their events. Records
          that another import stored first stay. To have them back, import the files again.
        </ConfirmByName>
      )}
    </div>
  );
}
