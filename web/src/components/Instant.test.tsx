import { screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { renderPart } from "@/lib/render";
import { Duration } from "./Duration";
import { Instant } from "./Instant";

afterEach(() => {
  localStorage.clear();
});

test("an instant shows its clock and has all digits on hover", () => {
  renderPart(<Instant time="2026-11-17T09:12:33.0904127Z" dateToo />);
  const shown = screen.getByText("17 Nov 2026 09:12:33.090");
  expect(shown.title).toBe("17 Nov 2026 09:12:33.0904127 UTC");
});

test("an unknown instant says so", () => {
  renderPart(<Instant time={null} />);
  expect(screen.getByText("not known")).toBeTruthy();
});

test("with local time the hover names both clocks", () => {
  localStorage.setItem("spoor.settings", JSON.stringify({ settings: { time_zone: "local" } }));
  renderPart(<Instant time="2026-11-17T09:12:33.0904127Z" precision="full" />);
  expect(screen.getByTitle(/09:12:33\.0904127 UTC; .*09041?27? UTC/)).toBeTruthy();
});

test("a duration reads in two units", () => {
  renderPart(<Duration ticks={206 * 10_000_000} />);
  expect(screen.getByText("3 min 26 s").title).toBe("206 s");
});
