import { expect, test } from "vitest";
import type { ProcessActs, ProcessNode, TimelineRow } from "@/api/gen/api";
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

const node = (acts?: Partial<ProcessActs>) =>
  ({
    ProcessKey: "7",
    ProcessCreationTime: "2026-11-17T09:00:00.0000000Z",
    ...(acts ? { acts: { last: null, ended: null, techniques: [], ...acts } } : {}),
  }) as ProcessNode;
const at = (second: number) => msOf(`2026-11-17T09:00:${String(second).padStart(2, "0")}Z`);

test("a bar ends at the exit where one is recorded, else at the last act", () => {
  const last = "2026-11-17T09:00:05.0000000Z";
  const ended = "2026-11-17T09:00:09.0000000Z";
  expect(lifeOf(node({ last }))).toMatchObject({ start: at(0), end: at(5), ending: "act" });
  expect(lifeOf(node({ last, ended }))).toMatchObject({ end: at(9), ending: "exit" });
  expect(lifeOf(node({}))).toMatchObject({ start: at(0), end: null, ending: "none" });
  expect(lifeOf(node())).toMatchObject({ end: null, ending: "none", techniques: [] });
});

test("what a process did is counted in words", () => {
  const none = { process: 0, network: 0, file: 0, registry: 0, other: 0 };
  expect(lifeOf(node({ ...none, network: 1200, registry: 2 })).done).toBe(
    "1,200 network, 2 registry",
  );
  expect(lifeOf(node(none)).done).toBe("");
});

test("acts belong to the process that acted; starts, ends and techniques are none", () => {
  const acts = gather([
    row(1, "ProcessCreated", "process", { ProcessKey: "8" }),
    row(2, "OpenProcessApiCall", "process", { ProcessKey: "9" }),
    row(2, "OpenProcessApiCall", "process", { is_technique: true }),
    row(3, "FileCreated", "file"),
    row(4, "ProcessTerminated", "process", { ProcessKey: "7" }),
  ]);
  expect([...acts.keys()]).toEqual(["7"]);
  expect(acts.get("7")).toEqual([
    { at: at(2), kind: "memory" },
    { at: at(3), kind: "file" },
  ]);
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
