import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { TimelineOverview } from "@/api/gen/api";
import { expectAccessible, renderPart } from "@/lib/render";
import { TimeOverview, type TimeSpan } from "./TimeOverview";

vi.mock("./OverviewBars", () => ({ default: () => null }));

const overview: TimelineOverview = {
  from: "2026-11-17T06:00:00.0000000Z",
  to: "2026-11-17T12:00:00.0000000Z",
  step: 36_000_000_000,
  step_name: "1 h",
  kinds: ["process", "network"],
  bars: [
    { start: "2026-11-17T08:00:00.0000000Z", counts: [3, 4] },
    { start: "2026-11-17T09:00:00.0000000Z", counts: [0, 1214] },
  ],
  peak: 1214,
  square_root: true,
  rows: 1221,
  coverage: [
    {
      from: "2026-11-17T08:27:00.0000000Z",
      to: "2026-11-17T08:37:00.0000000Z",
      kind: "silent",
      source: "sensor",
      lost: null,
      records: null,
      detail: "",
    },
    ...["09:41", "09:44"].map((clock) => ({
      from: `2026-11-17T${clock}:00.0000000Z`,
      to: null,
      kind: "cleared",
      source: "Security\u202e",
      lost: null,
      records: null,
      detail: "",
    })),
  ],
  marks: [
    {
      time: "2026-11-17T09:12:33.0000000Z",
      event_id: "7",
      kind: "alert",
      value: "high",
      text: "Encoded",
      alert_id: "a",
    },
  ],
  marks_truncated: false,
  oldest_stored: null,
  newest_stored: null,
};

function show(zoom: TimeSpan | null = null) {
  const onZoom = vi.fn();
  const onMark = vi.fn();
  const part = (
    <TimeOverview
      label="Overview"
      overview={overview}
      zoom={zoom}
      onZoom={onZoom}
      onMark={onMark}
    />
  );
  return { onZoom, onMark, ...renderPart(part) };
}

test("the numbers stand in a table, the worst of coverage in words", async () => {
  const { container } = show();
  const table = screen.getByRole("table", { name: "Events per 1 h" });
  expect(within(table).getByRole("cell", { name: "1214" })).toBeTruthy();
  expect(screen.getByText("peak 1,214 per 1 h, √ scale")).toBeTruthy();
  expect(screen.getByText(/silent 17 Nov 2026 08:27, 10 min/)).toBeTruthy();
  expect(container.textContent).toContain("cleared 17 Nov 2026 09:41: Security⟨RLO⟩");
  expect(container.textContent).toContain("×2");
  await expectAccessible(container);
});

test("arrows move the part shown, Shift extends it, Enter applies it", async () => {
  const user = userEvent.setup();
  const zoom = { from: "2026-11-17T08:00:00.0000000Z", to: "2026-11-17T09:00:00.0000000Z" };
  const { onZoom } = show(zoom);
  const chart = screen.getByRole("group", { name: /^Part shown: 17 Nov 2026, 08:00 to 09:00/ });
  chart.focus();
  await user.keyboard("{ArrowRight}{Shift>}{ArrowRight}{/Shift}");
  expect(onZoom).not.toHaveBeenCalled();
  await user.keyboard("{Enter}");
  expect(onZoom).toHaveBeenCalledExactlyOnceWith({
    from: "2026-11-17T09:00:00.0000000Z",
    to: "2026-11-17T11:00:00.0000000Z",
  });
});

test("Escape takes back what is not applied, then the zoom", async () => {
  const user = userEvent.setup();
  const { onZoom } = show();
  screen.getByRole("group", { name: /^Part shown: all of the range/ }).focus();
  await user.keyboard("{ArrowRight}{Escape}{Enter}");
  expect(onZoom).not.toHaveBeenCalled();
  await user.keyboard("{Escape}");
  expect(onZoom).toHaveBeenCalledExactlyOnceWith(null);
});

test("a mark says what it is and leads there", async () => {
  const { onMark } = show();
  await userEvent.click(screen.getByRole("button", { name: "alert high Encoded" }));
  expect(onMark).toHaveBeenCalledExactlyOnceWith(overview.marks[0]);
});

test("the legend isolates a kind", async () => {
  show();
  const key = screen.getByRole("button", { name: "Network" });
  await userEvent.click(key);
  expect(key.getAttribute("aria-pressed")).toBe("true");
});
