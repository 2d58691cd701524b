// What became of each file of an import: what it stored, what could not be read, and what was left alone.
import type { ImportReport, QueryAnswer } from "@/api/gen/api";

export interface FileError {
  offset: number | null;
  reason: string;
}

export interface JobFile {
  file: string;
  /** Devices that its new records belong to; null where it is not known */
  devices: number | null;
  deviceId: string;
  deviceName: string;
  kind: string;
  channels: number;
  /** Source records that came new from it; null where it is not known */
  records: number | null;
  carved: number;
  first: string | null;
  last: string | null;
  errors: readonly FileError[];
  /** Seen, and left alone: of no kind that is read */
  isUnread: boolean;
}

/** Files that the store is asked for; the rest of a larger import is left out, and said so. */
export const mostFiles = 2000;

const jobId = /^[0-9a-f]{1,64}$/;

/** KQL that counts what each file of an import stored. Null for an id that is none. */
export function filesQuery(id: string): string | null {
  if (!jobId.test(id)) return null;
  return [
    "DeviceSourceRecords",
    `| where JobId == "${id}"`,
    "| summarize Records = count(), Carved = countif(Carved), Devices = dcount(DeviceId),",
    "    Device = min(DeviceId), Name = min(DeviceName), Kind = min(SourceKind),",
    "    Channels = dcount(Channel), First = min(Timestamp), Last = max(Timestamp) by SourceFile",
    `| top ${String(mostFiles)} by Records`,
  ].join("\n");
}

export interface JobDevice {
  deviceId: string;
  name: string;
  records: number;
  first: string | null;
  last: string | null;
}

/** Devices that an import brought records of, and when the newest was stored. */
export function devicesQuery(id: string): string | null {
  if (!jobId.test(id)) return null;
  return [
    "DeviceSourceRecords",
    `| where JobId == "${id}"`,
    "| summarize Records = count(), Name = min(DeviceName), First = min(Timestamp),",
    "    Last = max(Timestamp) by DeviceId",
    "| top 1000 by Records",
  ].join("\n");
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => {
  const read = typeof value === "string" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : 0;
};
const time = (value: unknown): string | null => (text(value) === "" ? null : text(value));

/** The rows of an answer by the names of its columns. */
export function records(answer: QueryAnswer): Record<string, unknown>[] {
  return answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at]])),
  );
}

export function devicesOf(answer: QueryAnswer): JobDevice[] {
  return records(answer).map((row) => ({
    deviceId: text(row["DeviceId"]),
    name: text(row["Name"]),
    records: number(row["Records"]),
    first: time(row["First"]),
    last: time(row["Last"]),
  }));
}

function blank(file: string): JobFile {
  return {
    file,
    devices: null,
    deviceId: "",
    deviceName: "",
    kind: "",
    channels: 0,
    records: null,
    carved: 0,
    first: null,
    last: null,
    errors: [],
    isUnread: false,
  };
}

/**
 * Joins what the store counted (absent: it was not asked) with the report and the files' names. Files with errors first, then by name.
 */
export function jobFiles(
  names: readonly string[],
  report: Pick<ImportReport, "unread" | "errors"> | null,
  answer: QueryAnswer | null,
): JobFile[] {
  const files = new Map<string, JobFile>();
  for (const row of answer ? records(answer) : []) {
    const file = text(row["SourceFile"]);
    files.set(file, {
      ...blank(file),
      devices: number(row["Devices"]),
      deviceId: text(row["Device"]),
      deviceName: text(row["Name"]),
      kind: text(row["Kind"]),
      channels: number(row["Channels"]),
      records: number(row["Records"]),
      carved: number(row["Carved"]),
      first: time(row["First"]),
      last: time(row["Last"]),
    });
  }
  for (const { file, offset, reason } of report?.errors ?? []) {
    const known = files.get(file) ?? blank(file);
    const at = offset === undefined || offset < 0 ? null : offset;
    files.set(file, { ...known, errors: [...known.errors, { offset: at, reason }] });
  }
  for (const file of report?.unread ?? []) {
    files.set(file, { ...(files.get(file) ?? blank(file)), isUnread: true });
  }
  const seen = [...files.keys()];
  for (const name of names) {
    // A folder or an archive stands for the files in it.
    const inside = seen.some((file) => file.startsWith(`${name}/`) || file.startsWith(`${name}!`));
    if (!files.has(name) && !inside) {
      files.set(name, { ...blank(name), records: answer ? 0 : null });
    }
  }
  return [...files.values()].sort(
    (a, b) =>
      Number(b.errors.length > 0) - Number(a.errors.length > 0) ||
      Number(a.isUnread) - Number(b.isUnread) ||
      (a.file < b.file ? -1 : 1),
  );
}

/** Folder and name of a file; the folder without the import's own, where the file is inside of that. */
export function placeOf(file: string, top: string): [folder: string, name: string] {
  const inside = top !== "" && (file.startsWith(`${top}/`) || file.startsWith(`${top}!`));
  const path = inside ? file.slice(top.length + 1) : file;
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("!"));
  return at < 0 ? ["", path] : [path.slice(0, at), path.slice(at + 1)];
}

/** `0x0009_2000` */
export function offsetText(offset: number): string {
  const digits = offset.toString(16).toUpperCase();
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, "0").padStart(8, "0");
  return `0x${padded.replace(/(?!^)(?=(.{4})+$)/g, "_")}`;
}

const kinds: Record<string, string> = {
  evtx: "Windows event log",
  winlog: "Windows events as text",
};

/** `Windows event log, 14 channels` */
export function foundText(file: JobFile): string {
  if (file.isUnread) return "not of a kind that is read";
  if (file.kind === "") return "";
  const kind = kinds[file.kind] ?? file.kind;
  return file.channels > 1 ? `${kind}, ${String(file.channels)} channels` : kind;
}
