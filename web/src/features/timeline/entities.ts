// How common the things of an event are: on how many devices they were seen, and since when.
import type { Event } from "@/api/gen/api";
import { fieldText } from "./EventFields";

export interface Entity {
  kind: "hash" | "address" | "name" | "file";
  /** What it is called before its value */
  label: string;
  value: string;
  /** KQL that answers devices, events and the first instant */
  query: string;
}

/** A literal of KQL: whatever could end it or be read as an escape is escaped. */
export function literal(value: string): string {
  const inner = Array.from(value, (char) => {
    const code = char.charCodeAt(0);
    if (char === '"' || char === "\\") return `\\${char}`;
    return code < 0x20 || code === 0x7f ? `\\u${code.toString(16).padStart(4, "0")}` : char;
  }).join("");
  return `"${inner}"`;
}

const filesOf = "union DeviceProcessEvents, DeviceFileEvents, DeviceImageLoadEvents";
const summary = "summarize Devices = dcount(DeviceId), Events = count(), First = min(Timestamp)";

/** Things asked for at most. */
const mostEntities = 3;
/** A longer value is no name, address or hash */
const mostLetters = 1024;

/** What of an event its prevalence is worth knowing of, the most telling first. */
export function entitiesOf(event: Event): Entity[] {
  const [table] = event.tables;
  const field = (name: string) =>
    fieldText(table?.fields.find((each) => each.name === name)?.value);
  const found: Entity[] = [];
  const add = (kind: Entity["kind"], label: string, value: string, query: string) => {
    if (value !== "" && value.length <= mostLetters) found.push({ kind, label, value, query });
  };
  const sha256 = field("SHA256");
  const sha1 = field("SHA1");
  if (sha256 !== "") {
    add("hash", "SHA-256", sha256, `${filesOf} | where SHA256 =~ ${literal(sha256)} | ${summary}`);
  } else if (sha1 !== "") {
    add("hash", "SHA-1", sha1, `${filesOf} | where SHA1 =~ ${literal(sha1)} | ${summary}`);
  }
  const url = field("RemoteUrl");
  add(
    "name",
    "Remote name",
    url,
    `DeviceNetworkEvents | where RemoteUrl =~ ${literal(url)} | ${summary}`,
  );
  const address = field("RemoteIP");
  add(
    "address",
    "Remote address",
    address,
    `DeviceNetworkEvents | where RemoteIP == ${literal(address)} | ${summary}`,
  );
  const file = field("FileName");
  add("file", "File name", file, `${filesOf} | where FileName =~ ${literal(file)} | ${summary}`);
  return found.slice(0, mostEntities);
}
