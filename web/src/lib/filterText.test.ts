import { expect, test } from "vitest";
import {
  completions,
  filterTerms,
  filterValue,
  readTerm,
  valueState,
  withValue,
} from "./filterText";

const fields = [
  { name: "FileName", doc: "Name" },
  { name: "ActionType", values: ["ProcessCreated", "ProcessTerminated", "FileCreated"] },
  { name: "InitiatingProcessFileName" },
];

test("blanks in quotes belong to their term", () => {
  expect(filterTerms(' FileName:"a b"  "c ""d""" e').map((term) => term.text)).toEqual([
    'FileName:"a b"',
    '"c ""d"""',
    "e",
  ]);
});

test("values are quoted where the language needs it", () => {
  expect(filterValue("cmd.exe")).toBe("cmd.exe");
  expect(filterValue('say "hi", a:b')).toBe('"say ""hi"", a:b"');
  expect(filterValue("-x")).toBe('"-x"');
  expect(filterValue("")).toBe('""');
});

test("fields are completed by their beginning first, then by what they hold", () => {
  expect(completions("x file", 6, fields)?.items.map((item) => item.text)).toEqual([
    "FileName:",
    "InitiatingProcessFileName:",
  ]);
  expect(completions("-act", 4, fields)?.items[0]?.text).toBe("-ActionType:");
  expect(completions("has", 3, fields)?.items[0]?.text).toBe("has:technique");
  expect(completions("ActionType:proc", 15, fields)?.items.map((item) => item.text)).toEqual([
    "ActionType:ProcessCreated",
    "ActionType:ProcessTerminated",
  ]);
  expect(completions("x ", 2, fields)).toBeNull();
});

test("a term is read into its values", () => {
  expect(readTerm('-Field:a,"b ""c"""')).toEqual({
    not: true,
    field: "Field",
    values: ["a", 'b "c"'],
  });
  expect(readTerm("word")).toBeNull();
});

test("a value is made the only one, added, left out and dropped", () => {
  const filter = "word Actor:a,b -Actor:c Actor:x*";
  expect(withValue(filter, "Actor", "d", "only")).toBe("word Actor:x* Actor:d");
  expect(withValue(filter, "Actor", "d", "add")).toBe("word Actor:x* Actor:a,b,d -Actor:c");
  expect(withValue(filter, "Actor", "a", "exclude")).toBe("word Actor:x* Actor:b -Actor:c,a");
  expect(withValue("Actor:a", "actor", "A", "drop")).toBe("");
});

test("a value is on, off or free", () => {
  expect(valueState('Actor:a -Actor:"b c"', "Actor", "A")).toBe("on");
  expect(valueState('Actor:a -Actor:"b c"', "Actor", "b c")).toBe("off");
  expect(valueState("Account:a", "Actor", "a")).toBe("free");
});
