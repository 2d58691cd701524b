import { expect, test } from "vitest";
import { msOf } from "@/lib/time";
import { gapsOf } from "./gaps";

const time = (clock: string) => `2026-11-17T${clock}.0000000Z`;
const segment = (kind: string, from: string, to: string | null) => ({
  kind,
  from: time(from),
  to: to === null ? null : time(to),
  source: "Sysmon",
  lost: null,
  records: null,
  detail: "",
});
const span = { from: msOf(time("09:00:00")), to: msOf(time("10:00:00")) };

test("gaps on the axis, the longest first; presence and clearings are none", () => {
  const gaps = gapsOf(
    [
      segment("present", "08:00:00", null),
      segment("cleared", "09:10:00", null),
      segment("silent", "09:17:00", "09:17:38"),
      segment("lost", "09:50:00", null),
      segment("silent", "07:00:00", "08:00:00"),
    ],
    span,
  );
  expect(gaps.map(({ label }) => label)).toEqual(["events were lost", "not recorded, 38 s"]);
  expect(gaps[0]?.to).toBe(span.to);
});
