import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "@/lib/render";
import { JobProgress, share } from "./JobProgress";

test("100 % stands for all, never for nearly all", () => {
  expect(share(999_999, 1_000_000)).toBe(99);
  expect(share(1_000_000, 1_000_000)).toBe(100);
  expect(share(0, 0)).toBe(0);
});

test("the bar tells its share, and nothing where the total is not known", async () => {
  const { container, rerender } = render(
    <JobProgress label="Import" done={61} total={100} state="running" facts={["61 %"]} />,
  );
  const bar = screen.getByRole("progressbar", { name: "Import" });
  expect(bar.getAttribute("aria-valuenow")).toBe("61");
  rerender(<JobProgress label="Import" done={0} total={0} state="waiting" />);
  expect(bar.hasAttribute("aria-valuenow")).toBe(false);
  expect(bar.getAttribute("aria-valuetext")).toBe("Not known yet");
  rerender(<JobProgress inline label="Import" done={0} total={0} state="done" />);
  expect(screen.getByText("100 %")).toBeTruthy();
  await expectAccessible(container);
});
