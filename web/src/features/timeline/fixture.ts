// Rows of a timeline for tests.
import type { TimelineRow } from "@/api/gen/api";

export function row(part: Partial<TimelineRow> = {}): TimelineRow {
  return {
    Timestamp: "2026-11-17T09:12:33.0904127Z",
    EventId: "1",
    DeviceId: "d".repeat(40),
    Table: "DeviceProcessEvents",
    ActionType: "ProcessCreated",
    Group: "process",
    Actor: "a.exe",
    Account: "MACHINE\\mira",
    Title: "b.exe",
    Detail: "b.exe -x",
    Techniques: [],
    Source: "Security",
    ProcessKey: "0",
    InitiatingProcessKey: "0",
    Ancestors: [],
    is_technique: false,
    tactics: [],
    flag: "",
    has_note: false,
    alerts: [],
    hidden_before: 0,
    ...part,
  };
}

/** An instant of the fixture's day, `seconds` after 09:00. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 17, 9, 0, 0) + seconds * 1000)
    .toISOString()
    .replace("Z", "0000Z");
}
