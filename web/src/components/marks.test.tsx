import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible } from "@/lib/render";
import { SeverityMark } from "./SeverityMark";
import { StatusDot } from "./StatusDot";
import { Tag } from "./Tag";

test("a severity is told by its word, also where a count stands in its place", async () => {
  const { container } = render(
    <>
      <SeverityMark severity="high" />
      <SeverityMark severity="medium">{3}</SeverityMark>
    </>,
  );
  expect(container.textContent).toBe("HighMedium: 3");
  await expectAccessible(container);
});

test("the four severities have four shapes", () => {
  const { container } = render(
    <>
      <SeverityMark severity="high" />
      <SeverityMark severity="medium" />
      <SeverityMark severity="low" />
      <SeverityMark severity="informational" />
    </>,
  );
  const shapes = Array.from(container.querySelectorAll("svg"), (svg) => svg.innerHTML);
  expect(new Set(shapes).size).toBe(4);
});

test("a status carries its words", async () => {
  const { container } = render(<StatusDot status="warning">Done, 2 errors</StatusDot>);
  expect(screen.getByText("Done, 2 errors")).toBeTruthy();
  await expectAccessible(container);
});

test("a tag is taken away with the keyboard, by its own name", async () => {
  const removed = vi.fn();
  const { container } = render(
    <>
      <Tag tone="system">Unmanaged</Tag>
      <Tag onRemove={removed}>Finance</Tag>
    </>,
  );
  expect(screen.getAllByRole("button")).toHaveLength(1);
  await userEvent.tab();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Remove Finance" }));
  await userEvent.keyboard("{Enter}");
  expect(removed).toHaveBeenCalledOnce();
  await expectAccessible(container);
});
