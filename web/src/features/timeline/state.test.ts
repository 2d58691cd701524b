import { expect, test } from "vitest";
import { readUrl } from "@/lib/urlState";
import { at, row } from "./fixture";
import { rowsOf } from "./pages";
import {
  rangeOf,
  readKey,
  rowKey,
  selectedKey,
  selectionOf,
  timelineUrl,
  withGroup,
} from "./state";
import { inputOf, stateOf } from "./ViewsMenu";

const none = { last: null, from: null, to: null, zoom: null };
const evidence = { oldest: "2026-08-19T00:00:00.0000000Z", newest: "2026-11-03T10:00:00.0000000Z" };

test("a period ends at the newest evidence, which is part of it", () => {
  expect(rangeOf(none, evidence)).toMatchObject({
    from: "2026-10-04T10:00:00.0000001Z",
    to: "2026-11-03T10:00:00.0000001Z",
    last: "P30D",
    isZoomed: false,
  });
  expect(rangeOf({ ...none, last: "all" }, evidence)?.from).toBe(evidence.oldest);
  expect(rangeOf(none, { oldest: null, newest: null })).toBeNull();
});

test("instants of a link hold as they are, and a zoom lies inside", () => {
  const link = { ...none, from: at(0), to: at(3600) };
  expect(rangeOf(link, evidence)).toMatchObject({ from: at(0), to: at(3600), last: null });
  const zoomed = rangeOf({ ...link, zoom: `${at(60)}..${at(120)}` }, evidence);
  expect(zoomed).toMatchObject({ from: at(60), to: at(120), isZoomed: true });
  expect(zoomed?.whole).toEqual({ from: at(0), to: at(3600) });
  expect(rangeOf({ ...link, to: at(-1) }, evidence)?.last).toBe("P30D");
});

test("a row's key is read again, also that of a technique", () => {
  const technique = row({ is_technique: true, Techniques: ["T1003.001"] });
  expect(readKey(rowKey(technique))).toEqual({
    time: technique.Timestamp,
    eventId: "1",
    technique: "T1003.001",
  });
  expect(readKey("soon~1")).toBeNull();
  const { values, unread } = readUrl(timelineUrl, `?sel=${rowKey(technique)}&at=${rowKey(row())}`);
  expect(unread).toEqual([]);
  expect(values.sel).toBe(rowKey(technique));
});

test("an id alone takes its instant from the place that the link names", () => {
  expect(selectedKey({ sel: "7", at: `${at(0)}~7` })).toBe(`${at(0)}~7`);
  expect(selectedKey({ sel: "7", at: `${at(0)}~8` })).toBeNull();
});

test("what is chosen becomes what the server is asked", () => {
  expect(selectionOf({ q: "a", g: ["file", "-image"], type: "technique", flag: null })).toEqual({
    q: "a",
    segment: "alerts_and_techniques",
    groups: ["file"],
    without_groups: ["image"],
  });
  expect(selectionOf({ q: "", g: [], type: "all", flag: "red" })).toEqual({
    segment: "flagged",
    flags: ["red"],
  });
});

test("groups are only, added, left out, and free again", () => {
  expect(withGroup([], "file", "only")).toEqual(["file"]);
  expect(withGroup(["file"], "file", "only")).toEqual([]);
  expect(withGroup(["file"], "image", "add")).toEqual(["file", "image"]);
  expect(withGroup(["-image"], "image", "exclude")).toEqual([]);
  expect(withGroup(["file"], "image", "exclude")).toEqual(["file", "-image"]);
});

test("what is hidden at the seam of two pages is told of", () => {
  const page = (first: string, hidden: number | null, after: number | null) => ({
    items: [row({ EventId: first, hidden_before: hidden })],
    next: null,
    previous: null,
    hidden_after: after,
    nearest_before: null,
    nearest_after: null,
  });
  const rows = rowsOf([page("1", null, 7), page("2", null, 0), page("3", 4, null)]);
  expect(rows.map((each) => each.hidden_before)).toEqual([null, 7, 4]);
});

test("a view that is kept gives the same view again", () => {
  const { values } = readUrl(
    timelineUrl,
    "?q=a&g=file,-image&sort=time:desc&type=technique&cols=time,event:400",
  );
  const input = inputOf("mine", false, values);
  const state = stateOf({
    id: "1",
    owner: "mira",
    is_mine: true,
    is_shared: false,
    version: 1,
    created: at(0),
    changed: at(0),
    action_types: [],
    name: input.name,
    page: "timeline",
    q: input.q ?? "",
    columns: input.columns ?? [],
    sort: input.sort ?? [],
    segment: input.segment ?? "all",
    groups: input.groups ?? [],
    without_groups: input.without_groups ?? [],
  });
  expect(state).toEqual({
    q: "a",
    g: ["file", "-image"],
    type: "technique",
    flag: null,
    cols: "time,event:400",
    sort: "time:desc",
  });
});
