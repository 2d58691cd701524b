import { expect, test } from "vitest";
import type { ProcessNode, TimelineRow } from "@/api/gen/api";
import { msOf } from "@/lib/time";
import { actKind, dotsOf, gather, lifeOf } from "./lives";

const row = (second: number, ActionType: string, Group: string, more: Partial<TimelineRow> = {}) =>
  ({
    Timestamp: `2026-11-17T09:00:${String(second).padStart(2, "0")}.0000000Z`,
    ActionType,
    Group,
    ProcessKey: "0",
    InitiatingProcessKey: "7",
    Techniques: [],
    is_technique: false,
    ...more,
  }) as unknown as TimelineRow;

const node = {
  ProcessKey: "7",
  ProcessCreationTime: "2026-11-17T09:00:00.0000000Z",
} as ProcessNode;
const at = (second: number) => msOf(`2026-11-17T09:00:${String(second).padStart(2, "0")}Z`);

test("a bar ends at the exit where one is recorded, else at the last act", () => {
  const acts = [row(5, "ConnectionSuccess", "network"), row(3, "FileCreated", "file")];
  expect(lifeOf(node, gather(acts).get("7"))).toMatchObject({
    start: at(0),
    end: at(5),
    ending: "act",
  });
  const ended = row(9, "ProcessTerminated", "process", { ProcessKey: "7" });
  expect(lifeOf(node, gather([...acts, ended]).get("7"))).toMatchObject({
    end: at(9),
    ending: "exit",
  });
  expect(lifeOf(node, undefined)).toMatchObject({ start: at(0), end: null, ending: "none" });
});

test("acts and techniques belong to the process that acted, those of a start to the one started", () => {
  const told = gather([
    row(1, "ProcessCreated", "process", { ProcessKey: "8", Techniques: ["T1059.001"] }),
    row(2, "OpenProcessApiCall", "process", { ProcessKey: "9", Techniques: ["T1003.001"] }),
    row(2, "OpenProcessApiCall", "process", { Techniques: ["T1003.001"], is_technique: true }),
  ]);
  expect(told.get("8")?.techniques).toEqual(new Set(["T1059.001"]));
  expect(told.get("7")?.techniques).toEqual(new Set(["T1003.001"]));
  expect(told.get("7")?.acts.map(({ kind }) => kind)).toEqual(["memory"]);
  expect(told.has("9")).toBe(false);
  expect(told.has("0")).toBe(false);
});

test("kinds of acts", () => {
  expect(actKind({ ActionType: "DnsQueryResponse", Group: "dns" })).toBe("network");
  expect(actKind({ ActionType: "RegistryValueSet", Group: "registry" })).toBe("registry");
  expect(actKind({ ActionType: "ImageLoaded", Group: "image" })).toBe("script");
  expect(actKind({ ActionType: "ProcessCreated", Group: "process" })).toBeNull();
});

test("dots that would cover each other are one, those off the axis none", () => {
  const acts = [10, 10.1, 50, 120].map((place) => ({ at: place, kind: "file" as const }));
  expect(dotsOf([...acts, { at: 10, kind: "network" }], (place) => place)).toEqual([
    { place: 10, kind: "file", count: 2 },
    { place: 50, kind: "file", count: 1 },
    { place: 10, kind: "network", count: 1 },
  ]);
});
