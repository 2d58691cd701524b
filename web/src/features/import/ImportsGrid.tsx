import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { Import, ImportReport } from "@/api/gen/api";
import { DataGrid, type Column } from "@/components/grid";
import { JobProgress } from "@/components/JobProgress";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { StatusDot } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { bytesText, countText } from "@/lib/amounts";
import { useList } from "@/lib/useList";
import { nameOf, othersOf } from "@/lib/importName";
import css from "./import.module.css";
import { useReport } from "./useReport";
import { isEnded, startedBy, stateOf } from "./words";

/** A figure of an import's report; nothing while it runs. */
function Figure({
  job,
  of,
  show = countText,
}: {
  job: Import;
  of: (report: ImportReport) => number;
  show?: (count: number) => string;
}) {
  const { report, isPending } = useReport(job);
  if (!isEnded(job.progress.state)) return null;
  if (isPending) return <span className={css.muted}>…</span>;
  if (!report) return <span className={css.muted}>not known</span>;
  const count = of(report);
  return <span className={count === 0 ? css.muted : undefined}>{show(count)}</span>;
}

function Errors({ job }: { job: Import }) {
  const { report } = useReport(job);
  if (!report) return null;
  return (
    <span className={report.error_count > 0 ? css.bad : css.muted}>
      {countText(report.error_count)}
    </span>
  );
}

function State({ job }: { job: Import }) {
  const { report } = useReport(job);
  const { text, status } = stateOf(job.progress, report);
  if (job.progress.state === "running") {
    return (
      <JobProgress
        inline
        label={`Import of ${nameOf(job)}`}
        done={job.progress.bytes_done}
        total={job.progress.bytes_total}
        state="running"
      />
    );
  }
  return <StatusDot status={status}>{text}</StatusDot>;
}

const columns: readonly Column<Import>[] = [
  {
    id: "name",
    header: "Import",
    width: 260,
    flex: true,
    cell: (job) => (
      <span className={css.name}>
        <Value text={nameOf(job)} kind="name" cut="middle" />
        <span className={css.muted}>{othersOf(job)}</span>
      </span>
    ),
  },
  {
    id: "owner",
    header: "Started by",
    width: 130,
    cell: (job) =>
      job.owner === "" ? (
        <span className={css.muted}>{startedBy(job)}</span>
      ) : (
        <Value text={job.owner} cut="end" />
      ),
  },
  {
    id: "files",
    header: "Files",
    width: 76,
    align: "end",
    cell: (job) => <Figure job={job} of={({ files }) => files} />,
  },
  {
    id: "bytes",
    header: "Size",
    width: 84,
    align: "end",
    cell: (job) => <Figure job={job} of={({ bytes }) => bytes} show={bytesText} />,
  },
  {
    id: "records",
    header: "Records",
    width: 100,
    align: "end",
    cell: (job) =>
      job.progress.state === "running" ? (
        countText(job.progress.records)
      ) : (
        <Figure job={job} of={({ records }) => records} />
      ),
  },
  {
    id: "rows",
    header: "Rows",
    width: 100,
    align: "end",
    cell: (job) => <Figure job={job} of={({ rows }) => rows} />,
  },
  {
    id: "source",
    header: "Only source",
    width: 100,
    align: "end",
    cell: (job) => <Figure job={job} of={({ source_only }) => source_only} />,
  },
  {
    id: "duplicates",
    header: "Duplicates",
    width: 96,
    align: "end",
    cell: (job) => <Figure job={job} of={({ duplicates }) => duplicates} />,
  },
  {
    id: "errors",
    header: "Errors",
    width: 72,
    align: "end",
    cell: (job) => <Errors job={job} />,
  },
  { id: "state", header: "State", width: 154, cell: (job) => <State job={job} /> },
];

/** Imports, newest first. */
export function ImportsGrid() {
  const navigate = useNavigate();
  const [active, setActive] = useState<string | null>(null);
  const list = useList(
    "listImports",
    { query: { limit: 100 } },
    { again: (jobs) => (jobs.every((job) => isEnded(job.progress.state)) ? false : 2000) },
  );
  const items = useMemo(
    () => list.items.map((job) => ({ kind: "row" as const, id: job.id, row: job })),
    [list.items],
  );
  if (list.error && items.length === 0) {
    return (
      <ErrorState what="The imports could not be read" error={list.error} retry={list.refetch} />
    );
  }
  if (list.isPending) return <StateBlock kind="loading" title="Reading the imports." />;
  if (items.length === 0) {
    return (
      <StateBlock
        kind="empty"
        title="Nothing has been imported yet."
        detail="Drop event logs anywhere on this page. What is imported stays until a person removes it."
      />
    );
  }
  return (
    <DataGrid
      label="Imports, newest first"
      columns={columns}
      items={items}
      total={list.isWhole ? items.length : null}
      rowHeight={32}
      rowName={(job) =>
        [nameOf(job), othersOf(job), stateOf(job.progress).text]
          .filter((part) => part !== "")
          .join(", ")
      }
      activeId={active ?? items[0]?.id ?? null}
      onActive={setActive}
      onOpen={({ id }) => void navigate(`/import/${id}`)}
      onNearEnd={list.more}
    />
  );
}
