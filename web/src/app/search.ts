// What the search of the top bar asks of telemetry: a few KQL questions, of what the words may name. The server answers
// them over the devices that the person may see.
import type { QueryAnswer } from "@/api/gen/api";
import { filterValue } from "@/lib/filterText";
import { dateText, type Zone } from "@/lib/time";

export type FoundKind = "Users" | "Files" | "Addresses";

export interface Question {
  kind: FoundKind;
  query: string;
  /** Field of the timeline's filter that the found value is put into */
  field: string;
}

export interface Found {
  kind: FoundKind;
  name: string;
  devices: number;
  events: number;
  newest: string;
  /** Where it was seen last */
  deviceId: string;
  /** Filter of a timeline that shows it */
  filter: string;
}

/** Results of a kind. */
const most = 5;
/** Letters from which on telemetry is asked: one or two name nearly everything */
const least = 3;

/** `10[.]0[.]0[.]1` and `hxxp://` as they were before somebody made them safe to send. */
export function refanged(text: string): string {
  return text
    .replace(/\[(\.|:)\]/g, "$1")
    .replace(/\(\.\)/g, ".")
    .replace(/^hxxp/i, "http");
}

/** A text as KQL writes it; nothing in it can end it. */
export function kqlText(text: string): string {
  return `"${text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')}"`;
}

const counts =
  "summarize Events = count(), Devices = dcount(DeviceId), arg_max(Timestamp, DeviceId) by Name";
const newest = `top ${String(most)} by Timestamp desc`;

const hashes: Record<number, string> = { 32: "MD5", 40: "SHA1", 64: "SHA256" };

/** The field of a hash that the text is; null for any other text. */
export function hashField(text: string): string | null {
  return /^[0-9a-f]+$/i.test(text) ? (hashes[text.length] ?? null) : null;
}

const isAddress = (text: string) =>
  /^\d{1,3}(\.\d{0,3}){1,3}$/.test(text) || /^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i.test(text);

/** What to ask of a text; nothing for one that is too short. */
export function questionsOf(typed: string): Question[] {
  const text = refanged(typed.trim());
  if (text.length < least) return [];
  const hash = hashField(text);
  if (hash !== null) {
    const tables = "DeviceProcessEvents, DeviceFileEvents, DeviceImageLoadEvents";
    const query = `union ${tables} | where ${hash} == ${kqlText(text.toLowerCase())} | extend Name = FileName | ${counts} | ${newest}`;
    return [{ kind: "Files", query, field: hash }];
  }
  if (isAddress(text)) {
    const query = `DeviceNetworkEvents | where RemoteIP startswith ${kqlText(text)} | extend Name = RemoteIP | ${counts} | ${newest}`;
    return [{ kind: "Addresses", query, field: "RemoteIP" }];
  }
  const word = kqlText(text);
  return [
    {
      kind: "Users",
      query: `DeviceTimeline | where Account contains ${word} | extend Name = Account | ${counts} | ${newest}`,
      field: "Account",
    },
    {
      kind: "Files",
      query: `DeviceTimeline | where Group in ("process", "file", "image") and Title contains ${word} | extend Name = Title | ${counts} | ${newest}`,
      field: "Title",
    },
  ];
}

/** The rows of an answer, as `counts` names them. */
export function foundIn(answer: QueryAnswer, question: Question, typed: string): Found[] {
  const at = (name: string) => answer.columns.findIndex((column) => column.name === name);
  const [name, events, devices, time, device] = [
    at("Name"),
    at("Events"),
    at("Devices"),
    at("Timestamp"),
    at("DeviceId"),
  ];
  const hash = hashField(refanged(typed.trim()));
  return answer.rows.flatMap((row) => {
    const [value, deviceId] = [row[name], row[device]];
    if (typeof value !== "string" || typeof deviceId !== "string" || value === "") return [];
    const sought = hash === null ? value : refanged(typed.trim()).toLowerCase();
    return [
      {
        kind: question.kind,
        name: value,
        events: Number(row[events]),
        devices: Number(row[devices]),
        newest: String(row[time]),
        deviceId,
        filter: `${question.field}:${filterValue(sought)}`,
      },
    ];
  });
}

/** `3 devices, newest 2 Feb 2022` */
export function foundText(found: Found, zone: Zone): string {
  const on = found.devices === 1 ? "1 device" : `${String(found.devices)} devices`;
  return `${on}, newest ${dateText(found.newest, zone)}`;
}

/** The newest rows of it on the device where it was seen last. */
export function foundLink(found: Found): string {
  const query = new URLSearchParams({ last: "all", q: found.filter });
  return `/devices/${found.deviceId}/timeline?v=1&${query.toString()}`;
}
