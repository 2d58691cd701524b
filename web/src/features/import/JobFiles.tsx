import { ChevronDownRegular, ChevronRightRegular } from "@fluentui/react-icons";
import { Link } from "react-router";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { query } from "@/api/call";
import type { Import, ImportReport } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { DataGrid, type Column, type Item } from "@/components/grid";
import { StatusDot, type Status } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { counted, countText } from "@/lib/amounts";
import { saveAs } from "@/lib/saveAs";
import { rangeText } from "@/lib/time";
import { defineUrl, text, useUrlState } from "@/lib/urlState";
import css from "./import.module.css";
import {
  filesQuery,
  foundText,
  jobFiles,
  mostFiles,
  offsetText,
  placeOf,
  type JobFile,
} from "./jobFiles";
import { isEnded } from "./words";

const url = defineUrl({ sel: text(8192) });

function Range({ first, last }: { first: string | null; last: string | null }) {
  const { zone } = usePreferences().preferences;
  return first === null || last === null ? null : rangeText(first, last, zone);
}

function stateOf(file: JobFile, ended: boolean): { status: Status; text: string } {
  if (file.isUnread) return { status: "none", text: "Not read" };
  const errors = file.errors.length;
  if (errors > 0 && (file.records ?? 0) === 0) return { status: "bad", text: "Nothing read" };
  if (errors > 0) return { status: "warning", text: `Done, ${counted(errors, "error")}` };
  if (!ended) return { status: "none", text: "Waiting or being read" };
  if (file.records === null) return { status: "good", text: "Done" };
  return file.records === 0
    ? { status: "none", text: "Nothing new" }
    : { status: "good", text: "Done" };
}

function columnsOf(ended: boolean, open: string, top: string): readonly Column<JobFile>[] {
  return [
    {
      id: "open",
      header: "Errors shown",
      headerFace: <span className="visuallyHidden">Errors shown</span>,
      width: 30,
      fixed: true,
      cell: (file) =>
        file.errors.length === 0 ? null : file.file === open ? (
          <ChevronDownRegular aria-label="shown" />
        ) : (
          <ChevronRightRegular aria-label="hidden" />
        ),
    },
    {
      id: "file",
      header: "File",
      width: 260,
      flex: true,
      cell: (file) => {
        const [folder, name] = placeOf(file.file, top);
        return (
          <span className={css.name}>
            <Value text={name} kind="name" cut="middle" />
            {folder !== "" && <Value text={folder} kind="path" cut="middle" />}
          </span>
        );
      },
    },
    {
      id: "device",
      header: "Device",
      width: 200,
      cell: (file) =>
        file.devices === null ? null : file.devices > 1 ? (
          counted(file.devices, "device")
        ) : (
          <Link to={`/devices/${encodeURIComponent(file.deviceId)}/overview`}>
            <Value text={file.deviceName} cut="end" />
          </Link>
        ),
    },
    {
      id: "found",
      header: "Found",
      width: 200,
      cell: (file) => <span className={css.muted}>{foundText(file)}</span>,
    },
    {
      id: "records",
      header: "New records",
      width: 100,
      align: "end",
      cell: (file) => (file.records === null ? null : countText(file.records)),
    },
    {
      id: "carved",
      header: "Recovered",
      width: 90,
      align: "end",
      cell: (file) => (file.carved === 0 ? null : countText(file.carved)),
    },
    {
      id: "range",
      header: "From first to last",
      width: 270,
      cell: (file) => <Range first={file.first} last={file.last} />,
    },
    {
      id: "errors",
      header: "Errors",
      width: 70,
      align: "end",
      cell: (file) => (
        <span className={file.errors.length > 0 ? css.bad : css.muted}>{file.errors.length}</span>
      ),
    },
    {
      id: "state",
      header: "State",
      width: 150,
      cell: (file) => {
        const { status, text: words } = stateOf(file, ended);
        return <StatusDot status={status}>{words}</StatusDot>;
      },
    },
  ];
}

/** The files of an import; one with errors opens to show them. */
export function JobFiles({ job, report }: { job: Import; report: ImportReport | null }) {
  const { may } = useSession();
  const { preferences } = usePreferences();
  const [{ sel }, change] = useUrlState(url);
  const ended = isEnded(job.progress.state);
  const kql = filesQuery(job.id);
  const counts = useQuery({
    ...query("runQuery", { body: { query: kql ?? "", max_rows: mostFiles, max_seconds: 20 } }),
    enabled: ended && job.progress.state !== "purged" && kql !== null && may("query.run"),
    staleTime: 60_000,
  });
  const files = useMemo(
    () => jobFiles(job.names, report, counts.data ?? null),
    [job.names, report, counts.data],
  );
  const top = job.names[0] ?? "";
  const columns = useMemo(() => columnsOf(ended, sel, top), [ended, sel, top]);
  const items = useMemo<Item<JobFile>[]>(
    () =>
      files.flatMap((row): Item<JobFile>[] => [
        { kind: "row", id: row.file, row },
        ...(row.file === sel
          ? row.errors.map(({ offset, reason }, at): Item<JobFile> => {
              const where = offset === null ? "Place not known" : offsetText(offset);
              return {
                kind: "note",
                id: `${row.file}\n${String(at)}`,
                name: `${where}: ${reason}`,
                content: (
                  <div className={css.errorRow}>
                    <span className={`${css.offset} mono`}>{where}</span>
                    <span className={css.cut}>{reason}</span>
                  </div>
                ),
              };
            })
          : []),
      ]),
    [files, sel],
  );
  const [active, setActive] = useState<string | null>(null);
  const fallback = sel === "" ? (items[0]?.id ?? null) : sel;
  const activeId = active !== null && items.some(({ id }) => id === active) ? active : fallback;
  const toggle = (file: JobFile) => {
    change({ sel: file.file === sel || file.errors.length === 0 ? "" : file.file });
  };

  const cut = report !== null && report.error_count > report.errors.length;

  return (
    <>
      <DataGrid
        label="Files of the import"
        columns={columns}
        items={items}
        rowHeight={32}
        rowName={(file) =>
          [file.file, stateOf(file, ended).text].filter((part) => part !== "").join(", ")
        }
        activeId={activeId}
        onActive={setActive}
        onOpen={({ row }) => {
          toggle(row);
        }}
        onKey={(event, item) => {
          if (event.key !== "o" || !preferences.singleKeys || item?.kind !== "row") return false;
          toggle(item.row);
          return true;
        }}
      />
      <div className={css.status}>
        <span>{counted(files.length, "file")}</span>
        {counts.error && (
          <span>What each file stored could not be read: {counts.error.message}</span>
        )}
        {counts.data && counts.data.row_count >= mostFiles && (
          <span>Only the {countText(mostFiles)} files with most records are listed.</span>
        )}
        {cut && (
          <span>
            {`The report names the first ${countText(report.errors.length)} of ${counted(report.error_count, "error")}.`}
          </span>
        )}
        {report && report.errors.length > 0 && (
          <button
            type="button"
            className={css.link}
            onClick={() => {
              const lines = report.errors.map((error) => `${JSON.stringify(error)}\n`);
              saveAs(
                new Blob(lines, { type: "application/x-ndjson" }),
                `errors-${report.job}.ndjson`,
              );
            }}
          >
            Errors as NDJSON
          </button>
        )}
        {!may("query.run") && <span>What each file stored needs the permission query.run.</span>}
      </div>
    </>
  );
}
