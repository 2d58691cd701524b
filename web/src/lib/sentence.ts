// The sentence of a timeline's row: words of ours and values of the event, kept apart.
import type { TimelineRow } from "@/api/gen/api";
import { actionGroups, actionTypes, type ActionGroup, type Slot } from "@/api/gen/actionTypes";
import { spoken, splitPath } from "./hostile";

/** What a sentence is made of; a whole timeline row is more than enough. */
export type Said = Pick<
  TimelineRow,
  "Actor" | "Account" | "Title" | "Detail" | "ActionType" | "Group"
> & { is_technique?: boolean };

export type SentencePiece =
  | { kind: "words"; text: string }
  | { kind: "actor" | "object" | "plain" | "mono" | "path" | "technique"; text: string };

const logonKinds: Readonly<Record<string, string>> = {
  System: "as the system",
  Interactive: "at the device",
  Network: "over the network",
  Batch: "as a batch job",
  Service: "as a service",
  Unlock: "by unlocking",
  NetworkCleartext: "over the network in clear text",
  NewCredentials: "with other credentials",
  RemoteInteractive: "by remote desktop",
  CachedInteractive: "at the device, with cached credentials",
  CachedRemoteInteractive: "by remote desktop, with cached credentials",
  CachedUnlock: "by unlocking, with cached credentials",
};

const unknownActor = "An unrecorded process";
/** What sources write where they did not see the process */
const unseenActors = new Set(["", "?", "-", "<unknown process>"]);
const capital = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** `OpenProcessApiCall` as words. */
export function wordsOf(actionType: string): string {
  const [first = "", ...rest] = actionType.split(capital);
  const lower = rest.map((word) => (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()));
  return [first, ...lower].join(" ");
}

/** A command line without the image that it begins with. */
export function argumentsOf(command: string, image: string): string {
  const match = /^(?:"([^"]*)"|(\S+))\s*/.exec(command);
  if (!match) return command;
  const [, name] = splitPath(match[1] ?? match[2] ?? "");
  const plain = (text: string) => text.toLowerCase().replace(/\.exe$/, "");
  if (plain(name) === plain(image)) return command.slice(match[0].length);
  // A path with blanks and without quotes.
  const at = command.toLowerCase().indexOf(`\\${image.toLowerCase()}`);
  if (at >= 0 && /^[a-z]:\\[^"*?<>|]*$/i.test(command.slice(0, at))) {
    return command.slice(at + 1 + image.length).trimStart();
  }
  return command;
}

/** The folder of a path; empty where the text is nothing but the file's name. */
function folderOf(path: string): string {
  const [folder] = splitPath(path);
  return /^[A-Za-z]:[\\/]$/.test(folder) ? folder : folder.replace(/[\\/]$/, "");
}

function fill(part: Slot, row: Said): SentencePiece[] {
  switch (part.slot) {
    case "actor":
      return unseenActors.has(row.Actor)
        ? [{ kind: "words", text: unknownActor }]
        : [{ kind: "actor", text: row.Actor }];
    case "account":
      return row.Account === ""
        ? [{ kind: "words", text: "An unrecorded account" }]
        : [{ kind: "actor", text: row.Account }];
    case "title":
      return row.Title === ""
        ? [{ kind: "words", text: "something unrecorded" }]
        : [{ kind: "object", text: row.Title }];
    case "detail":
      return detail(part.as, row);
  }
}

function detail(as: Slot["as"], row: Said): SentencePiece[] {
  const text = row.Detail;
  if (text === "") return [];
  if (as === "command") {
    const rest = argumentsOf(text, row.Title);
    return rest === "" ? [] : [{ kind: "mono", text: rest }];
  }
  if (as === "folder") {
    const folder = folderOf(text);
    return folder === "" ? [] : [{ kind: "path", text: folder }];
  }
  if (as === "path") return [{ kind: "path", text }];
  if (as === "mono") return [{ kind: "mono", text }];
  if (as === "logon") {
    const [, word = "", rest = ""] = /^(\w+)(.*)$/s.exec(text) ?? [];
    const known = logonKinds[word];
    if (known !== undefined) {
      return rest === ""
        ? [{ kind: "words", text: known }]
        : [
            { kind: "words", text: known },
            { kind: "plain", text: rest },
          ];
    }
  }
  return [{ kind: "plain", text }];
}

const isEmpty = (slot: Slot, row: Said) =>
  slot.slot === "detail"
    ? detail(slot.as, row).length === 0
    : { actor: row.Actor, account: row.Account, title: row.Title }[slot.slot] === "";

/** The pieces of a row's sentence, in order. */
export function sentenceOf(row: Said): SentencePiece[] {
  if (row.is_technique === true) {
    const actor: SentencePiece[] =
      row.Actor === ""
        ? []
        : [
            { kind: "words", text: "  " },
            { kind: "actor", text: row.Actor },
          ];
    return [{ kind: "technique", text: row.Title === "" ? row.ActionType : row.Title }, ...actor];
  }
  const type = actionTypes[row.ActionType];
  const out: SentencePiece[] = [];
  const add = (part: string | Slot) => {
    if (typeof part === "string") out.push({ kind: "words", text: part });
    else out.push(...fill(part, row));
  };
  if (!type) {
    if (row.Actor !== "")
      out.push({ kind: "actor", text: row.Actor }, { kind: "words", text: ": " });
    // The name of an action may come from a source, so it is a value too.
    out.push({ kind: "plain", text: wordsOf(row.ActionType === "" ? "Event" : row.ActionType) });
    if (row.Title !== "")
      out.push({ kind: "words", text: " " }, { kind: "object", text: row.Title });
    if (row.Detail !== "")
      out.push({ kind: "words", text: " " }, { kind: "plain", text: row.Detail });
    return out;
  }
  for (const part of type.sentence) {
    if (typeof part === "string" || "slot" in part) add(part);
    else if (!part.some((each) => typeof each !== "string" && isEmpty(each, row)))
      part.forEach(add);
  }
  return out;
}

/** The sentence as one line of text: names of rows, copies. */
export function sentenceText(row: Said): string {
  return sentenceOf(row)
    .map((piece) => (piece.kind === "words" ? piece.text : spoken(piece.text)))
    .join("");
}

/** The group of a row: by its action type, else by what the server says. */
export function groupOf(row: Pick<TimelineRow, "ActionType" | "Group">): ActionGroup {
  const type = actionTypes[row.ActionType];
  return type ? actionGroups[type.group] : groupNamed(row.Group);
}

export function groupNamed(name: string): ActionGroup {
  return name in actionGroups
    ? actionGroups[name as keyof typeof actionGroups]
    : actionGroups.other;
}
