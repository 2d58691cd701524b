import { expect, test } from "vitest";
import type { TimelineRow } from "@/api/gen/api";
import { linkParts, linksOf } from "./links";
import type { Line } from "./outline";

const row = (from: string, to: string, more: object = {}) =>
  ({
    Timestamp: "2026-11-17T09:15:10.4200000Z",
    ActionType: "CreateRemoteThreadApiCall",
    InitiatingProcessKey: from,
    ProcessKey: to,
    is_technique: false,
    ...more,
  }) as unknown as TimelineRow;

test("what a process did to another is one link a kind, from the first time on", () => {
  const links = linksOf([
    row("1", "3"),
    row("1", "3", { Timestamp: "2026-11-17T09:15:09.0000000Z" }),
    row("3", "1", { ActionType: "OpenProcessApiCall" }),
    row("1", "1"),
    row("1", "0"),
    row("1", "3", { is_technique: true }),
    row("1", "3", { ActionType: "FileCreated" }),
  ]);
  expect(links.map(({ from, to, count, words }) => [from, to, count, words])).toEqual([
    ["1", "3", 2, "remote thread"],
    ["3", "1", 1, "opened memory"],
  ]);
});

test("rows between the two carry the line on; a link with a folded end is not drawn", () => {
  const lines = ["1", "2", "3"].map((id) => ({ id })) as unknown as Line[];
  const parts = linkParts(lines, linksOf([row("3", "1"), row("1", "9")]));
  expect(
    [...parts].map(([id, list]) => [id, list.map(({ part, isDown }) => [part, isDown])]),
  ).toEqual([
    ["3", [["from", false]]],
    ["1", [["to", true]]],
    ["2", [["through", false]]],
  ]);
});
