// Texts of rows for the clipboard, and the view as a file.
import { send } from "@/api/call";
import type { Export, TimelineRow } from "@/api/gen/api";
import { cellText, copyText } from "@/lib/hostile";
import { sentenceText } from "@/lib/sentence";
import type { Range, Selection } from "./state";

/** A row as `instant UTC  device  sentence`. */
export function rowText(row: TimelineRow, deviceName: string): string {
  return `${row.Timestamp}  ${copyText(deviceName)}  ${sentenceText(row)}`;
}

/** Text of one column of a row. */
export function columnText(row: TimelineRow, columnId: string | null): string {
  switch (columnId) {
    case "time":
      return row.Timestamp;
    case "account":
      return row.Account;
    case "action":
      return row.ActionType;
    case "process":
      return row.Actor;
    case "object":
      return row.Title;
    case "detail":
      return row.Detail;
    case "source":
      return row.Source;
    case "flag":
      return row.flag;
    case "info":
      return row.Techniques.join(" ");
    default:
      return sentenceText(row);
  }
}

/** The field of the filter language that a column stands for, with the row's value; null where there is none. */
export function columnField(row: TimelineRow, columnId: string | null): [string, string] | null {
  switch (columnId) {
    case "account":
      return ["Account", row.Account];
    case "process":
      return ["Actor", row.Actor];
    case "object":
      return ["Title", row.Title];
    case "source":
      return ["Source", row.Source];
    case "info": {
      const [technique] = row.Techniques;
      return technique === undefined ? null : ["Techniques", technique];
    }
    case "time":
    case "flag":
    case "trail":
      return null;
    default:
      return ["ActionType", row.ActionType];
  }
}

/** Rows as tab-separated cells; more than one row ends with the query that gives them. */
export function tableText(
  rows: readonly TimelineRow[],
  columns: readonly string[],
  about: { device: string; q: string },
): string {
  const shown = columns.filter((id) => !["flag", "trail", "kind"].includes(id));
  const lines = rows.map((row) => shown.map((id) => cellText(columnText(row, id))).join("\t"));
  if (rows.length > 1) {
    lines.push(
      `# ${copyText(about.device)}, times in UTC${about.q === "" ? "" : `, filter: ${about.q}`}`,
    );
  }
  return lines.join("\n");
}

export interface ExportProgress {
  bytes: number;
  rows: number;
}

/** Streams the view's rows; counts as they come, and can be cancelled by the signal. */
export async function exportView(
  request: {
    deviceId: string;
    format: Export["format"];
    selection: Selection;
    range: Range;
    order: "asc" | "desc";
    columns: string[] | null;
  },
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const { deviceId, format, selection, range, order, columns } = request;
  const response = await send(
    "exportEvents",
    {
      body: {
        device_id: deviceId,
        format,
        ...selection,
        from: range.from,
        to: range.to,
        order,
        ...(columns ? { columns } : {}),
      },
    },
    signal,
  );
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const progress = { bytes: 0, rows: 0 };
  const reader = response.body?.getReader();
  if (!reader) return response.blob();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    progress.bytes += value.length;
    for (const byte of value) if (byte === 10) progress.rows += 1;
    onProgress({ ...progress });
  }
  return new Blob(parts, { type: "application/octet-stream" });
}
