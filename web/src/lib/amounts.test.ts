import { expect, test } from "vitest";
import { bytesText, counted } from "./amounts";

test("counts take the plural and a comma", () => {
  expect([0, 1, 1284].map((count) => counted(count, "file"))).toEqual([
    "0 files",
    "1 file",
    "1,284 files",
  ]);
  expect(counted(2, "entry", "entries")).toBe("2 entries");
});

test("bytes keep three digits and never reach 1,024 of a unit", () => {
  expect([0, 812, 1024, 69_632, 1_048_000, 4_404_019, 1_181_116_006].map(bytesText)).toEqual([
    "0 B",
    "812 B",
    "1.0 KB",
    "68 KB",
    "1023 KB",
    "4.2 MB",
    "1.1 GB",
  ]);
  expect(bytesText(1_048_200)).toBe("1.0 MB");
});
