import { expect, test } from "vitest";
import { buildLines, type BuildOptions, type Coverage } from "./build";
import { at, row } from "./fixture";

const options = (part: Partial<BuildOptions> = {}): BuildOptions => ({
  zone: "utc",
  ascending: true,
  from: at(0),
  to: at(6 * 3600),
  range: 6 * 3600 * 10_000_000,
  coverage: [],
  fold: true,
  opened: new Set(),
  shown: new Map(),
  selected: null,
  ends: { oldest: null, newest: null },
  ...part,
});

const segment = (part: Partial<Coverage>): Coverage => ({
  from: at(0),
  to: null,
  kind: "silent",
  source: "Security",
  lost: null,
  records: null,
  detail: "",
  ...part,
});

const kinds = (rows: Parameters<typeof buildLines>[0], part: Partial<BuildOptions> = {}) =>
  buildLines(rows, options(part)).map((line) => line.kind);

test("each day begins with its name", () => {
  const rows = [
    row({ EventId: "1", Timestamp: "2026-11-16T23:59:59.0000000Z" }),
    row({ EventId: "2", Timestamp: "2026-11-17T00:00:01.0000000Z" }),
  ];
  expect(kinds(rows)).toEqual(["day", "event", "day", "event"]);
});

test("hidden events are told of where the gap is longer than a minute", () => {
  const rows = [
    row({ EventId: "1", Timestamp: at(0) }),
    row({ EventId: "2", Timestamp: at(30), hidden_before: 5 }),
    row({ EventId: "3", Timestamp: at(200), hidden_before: 412 }),
  ];
  const lines = buildLines(rows, options());
  expect(lines.map((line) => line.kind)).toEqual(["day", "event", "event", "filtered", "event"]);
  expect(lines[3]).toMatchObject({ hidden: 412, from: at(30), to: at(200), open: false });
});

test("hidden events that were asked for stand in the gap, marked", () => {
  const rows = [
    row({ EventId: "1", Timestamp: at(0) }),
    row({ EventId: "3", Timestamp: at(200), hidden_before: 1 }),
  ];
  const shown = new Map([[`gap~${at(0)}~${at(200)}`, [row({ EventId: "2", Timestamp: at(90) })]]]);
  const lines = buildLines(rows, options({ shown }));
  expect(lines.map((line) => (line.kind === "event" ? line.row.EventId : line.kind))).toEqual([
    "day",
    "1",
    "filtered",
    "2",
    "3",
  ]);
  expect(lines.filter((line) => line.kind === "event" && line.asked)).toHaveLength(1);
});

test("a gap without events says who was looking", () => {
  const rows = [
    row({ EventId: "1", Timestamp: at(0) }),
    row({ EventId: "2", Timestamp: at(3600) }),
  ];
  const quiet = (coverage: Coverage[]) =>
    buildLines(rows, options({ coverage })).find((line) => line.kind === "quiet");
  expect(quiet([])).toMatchObject({ known: "none" });
  const during = { from: at(-10), to: at(4000) };
  expect(quiet([segment({ ...during, kind: "logs" })])).toMatchObject({ known: "logs" });
  expect(quiet([segment({ ...during, kind: "present" })])).toMatchObject({ known: "sensor" });
  expect(kinds(rows, { range: 100 * 3600 * 10_000_000 })).toEqual(["day", "event", "event"]);
});

test("silence, loss and a cleared log stand where they began, in both orders", () => {
  const rows = [
    row({ EventId: "1", Timestamp: at(0) }),
    row({ EventId: "2", Timestamp: at(3600) }),
  ];
  const coverage = [
    segment({ kind: "silent", from: at(100), to: at(700) }),
    segment({ kind: "lost", from: at(900), to: at(938), lost: 1906 }),
    segment({ kind: "cleared", from: at(1000) }),
  ];
  expect(kinds(rows, { coverage })).toEqual(["day", "event", "silent", "lost", "cleared", "event"]);
  expect(kinds([...rows].reverse(), { coverage, ascending: false })).toEqual([
    "day",
    "event",
    "cleared",
    "lost",
    "silent",
    "event",
  ]);
});

const many = (count: number, part: Parameters<typeof row>[0] = {}) =>
  Array.from({ length: count }, (_, index) =>
    row({
      EventId: String(index + 1),
      Timestamp: at(index * 0.1),
      ActionType: "ConnectionSuccess",
      InitiatingProcessKey: "7",
      ...part,
    }),
  );

test("eight like events in a row are one line, and open again", () => {
  const rows = many(9);
  const folded = buildLines(rows, options());
  expect(folded.map((line) => line.kind)).toEqual(["day", "event"]);
  expect(folded[1]).toMatchObject({ folded: { length: 9 } });
  const [, line] = folded;
  expect(kinds(rows, { opened: new Set([line?.id ?? ""]) })).toHaveLength(10);
  expect(kinds(rows, { fold: false })).toHaveLength(10);
  expect(kinds(many(7))).toHaveLength(8);
});

test("what matters is never folded", () => {
  const rows = many(20);
  rows[10] = row({ ...rows[10], flag: "red" });
  const lines = buildLines(rows, options());
  const flagged = lines.find((line) => line.kind === "event" && line.row.flag === "red");
  expect(flagged).toMatchObject({ folded: [] });
  expect(lines.filter((line) => line.kind === "event")).toHaveLength(3);
});

test("a technique stands under its event without a day of its own", () => {
  const rows = [
    row({ EventId: "1", Techniques: ["T1059.001"] }),
    row({ EventId: "1", Techniques: ["T1059.001"], is_technique: true, Title: "PowerShell" }),
  ];
  const lines = buildLines(rows, options());
  expect(lines.map((line) => line.kind)).toEqual(["day", "event", "event"]);
  expect(lines[2]?.id).toBe(`${lines[1]?.id ?? ""}~T1059.001`);
});

test("a log that a row tells to be cleared is not told of twice", () => {
  const coverage = [segment({ from: at(100), kind: "cleared" })];
  const cleared = row({ EventId: "2", Timestamp: at(100), ActionType: "SecurityLogCleared" });
  const others = [
    row({ EventId: "1", Timestamp: at(0) }),
    row({ EventId: "3", Timestamp: at(200) }),
  ];
  expect(kinds([...others.slice(0, 1), cleared, ...others.slice(1)], { coverage })).toEqual([
    "day",
    "event",
    "event",
    "event",
  ]);
  expect(kinds(others, { coverage })).toEqual(["day", "event", "cleared", "event"]);
});

test("the ends say where what is stored begins, and whether more lies outside the range", () => {
  const rows = [row({ EventId: "1", Timestamp: at(0) }), row({ EventId: "2", Timestamp: at(60) })];
  const stored = { oldest: at(0), newest: at(60) };
  expect(kinds(rows, { ends: stored })).toEqual(["end", "day", "event", "event"]);
  const lines = buildLines(
    rows,
    options({ ends: { oldest: at(-500), newest: at(90_000) } }),
  ).filter((line) => line.kind === "end");
  expect(lines).toEqual([
    { kind: "end", id: "end~oldest", side: "oldest", time: at(-500), beyond: true },
    { kind: "end", id: "end~newest", side: "newest", time: at(90_000), beyond: true },
  ]);
});
