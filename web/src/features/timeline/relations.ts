// What an event tells of its things: who did what to which. For the small graph of the panel and its words.
import type { Event } from "@/api/gen/api";
import { fieldText } from "./EventFields";

export type ThingKind = "account" | "process" | "file" | "address" | "key";

export interface Thing {
  kind: ThingKind;
  name: string;
  /** Field and value that a filter finds it by */
  field: string;
  value: string;
}

export interface Relation {
  from: Thing;
  words: string;
  to: Thing;
}

/** Things of an event around the process that acted: before it on the left, what it did on the right. */
export interface Relations {
  centre: Thing;
  before: readonly Relation[];
  after: readonly Relation[];
}

const fileWords: Readonly<Record<string, string>> = {
  FileCreated: "created",
  FileModified: "changed",
  FileDeleted: "deleted",
  FileRenamed: "renamed",
  ImageLoaded: "loaded",
  DriverLoad: "loaded",
};

/** null where fewer than three things are known: a sentence says as much. */
export function relationsOf(event: Event): Relations | null {
  const [table] = event.tables;
  const field = (name: string) =>
    fieldText(table?.fields.find((each) => each.name === name)?.value);
  const thing = (kind: ThingKind, name: string, of = name): Thing => ({
    kind,
    name: field(name),
    field: of,
    value: field(of),
  });
  const centre = thing("process", "InitiatingProcessFileName");
  if (centre.name === "" || centre.name === "?") return null;
  const before: Relation[] = [];
  const after: Relation[] = [];
  const add = (list: Relation[], other: Thing, words: string) => {
    if (other.name === "") return;
    list.push(
      list === before ? { from: other, words, to: centre } : { from: centre, words, to: other },
    );
  };
  add(before, thing("account", "InitiatingProcessAccountName"), "ran");
  add(before, thing("process", "InitiatingProcessParentFileName"), "started");
  const action = event.row.ActionType;
  const isProcess = table?.table === "DeviceProcessEvents";
  add(
    after,
    thing(isProcess ? "process" : "file", "FileName"),
    isProcess ? "started" : (fileWords[action] ?? "touched"),
  );
  if (isProcess) {
    const account = thing("account", "AccountName");
    if (account.name !== field("InitiatingProcessAccountName")) add(after, account, "ran it as");
  }
  add(
    after,
    thing("address", "RemoteIP"),
    action.startsWith("Inbound") ? "was reached by" : "reached",
  );
  add(after, thing("address", "RemoteUrl"), "by the name");
  add(after, thing("key", "RegistryKey"), "wrote to");
  const all = 1 + before.length + after.length;
  return all < 3 || after.length === 0 ? null : { centre, before, after: after.slice(0, 4) };
}

/** The graph in words, for who does not see it. */
export function relationWords({ from, words, to }: Relation): string {
  return `${from.name} ${words} ${to.name}`;
}
