import { expect, test } from "vitest";
import type { QueryAnswer } from "@/api/gen/api";
import { devicesQuery, filesQuery, foundText, jobFiles, offsetText, placeOf } from "./jobFiles";

const columns = [
  "SourceFile",
  "Records",
  "Carved",
  "Devices",
  "Device",
  "Name",
  "Kind",
  "Channels",
  "First",
  "Last",
];

const answer = (...rows: unknown[][]): QueryAnswer => ({
  columns: columns.map((name) => ({ name, type: "string" })),
  rows,
  row_count: rows.length,
  truncated: false,
  seconds: 0.1,
  query_id: "q",
});

test("what the store counted and what the report says meet by file", () => {
  const files = jobFiles(
    ["Logs/System.evtx", "Logs/notes.txt", "Logs/Again.evtx"],
    {
      unread: ["Logs/notes.txt"],
      errors: [
        { file: "Logs/System.evtx", offset: 0x92000, reason: "bad chunk" },
        { file: "Logs/System.evtx", offset: -1, reason: "ends early" },
      ],
    },
    answer(["Logs/System.evtx", "94", 3, 1, "ab", "FIN-LT-0417", "evtx", 2, "2026-11-03", null]),
  );
  expect(files.map(({ file, records, isUnread }) => [file, records, isUnread])).toEqual([
    ["Logs/System.evtx", 94, false],
    ["Logs/Again.evtx", 0, false],
    ["Logs/notes.txt", null, true],
  ]);
  expect(files[0]?.errors).toEqual([
    { offset: 0x92000, reason: "bad chunk" },
    { offset: null, reason: "ends early" },
  ]);
  expect(files.map(foundText)).toEqual([
    "Windows event log, 2 channels",
    "",
    "not of a kind that is read",
  ]);
});

test("a folder or archive stands for the files in it, and does not stand beside them", () => {
  const files = jobFiles(
    ["/evidence", "triage.zip"],
    { unread: ["/evidence/a.md"], errors: [{ file: "triage.zip!b.evtx", reason: "no" }] },
    null,
  );
  expect(files.map(({ file }) => file)).toEqual(["triage.zip!b.evtx", "/evidence/a.md"]);
});

test("without the store's count nothing is made up", () => {
  expect(jobFiles(["a.evtx"], null, null)[0]?.records).toBeNull();
});

test("an id that is none never becomes a query", () => {
  expect(filesQuery('x" or true')).toBeNull();
  expect(devicesQuery("")).toBeNull();
  expect(filesQuery("58332cc703a47d1f")).toContain('JobId == "58332cc703a47d1f"');
});

test("offsets read in groups of four hex digits", () => {
  expect([0, 0x92000, 0x1_2345_6789].map(offsetText)).toEqual([
    "0x0000_0000",
    "0x0009_2000",
    "0x0001_2345_6789",
  ]);
});

test("a file stands by its name, and its folder within the import", () => {
  expect(placeOf("/evidence/a/b/System.evtx", "/evidence")).toEqual(["a/b", "System.evtx"]);
  expect(placeOf("triage.zip!Logs/System.evtx", "triage.zip")).toEqual(["Logs", "System.evtx"]);
  expect(placeOf("System.evtx", "System.evtx")).toEqual(["", "System.evtx"]);
});
