import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { Facets, type FacetGroup } from "./Facets";

const groups: FacetGroup[] = [
  {
    field: "Group",
    label: "Event groups",
    values: [
      { value: "process", label: "Processes", count: 1214, state: "on" },
      { value: "image", label: "Module loads", count: 386, state: "off" },
    ],
  },
  {
    field: "Actor",
    label: "Process",
    values: Array.from({ length: 9 }, (_, index) => ({
      value: `p${String(index)}.exe`,
      count: 9 - index,
      state: "free" as const,
    })),
  },
];

function show() {
  const acts = { onOnly: vi.fn(), onExclude: vi.fn(), onAdd: vi.fn() };
  return { acts, ...renderPart(<Facets groups={groups} {...acts} shown={7} />) };
}

test("click, Alt-click and Ctrl-click mean only, exclude and add", async () => {
  const { acts, container } = show();
  await expectAccessible(container);
  const value = screen.getByRole("button", { name: "p1.exe 8" });
  fireEvent.click(value);
  fireEvent.click(value, { altKey: true });
  fireEvent.click(value, { ctrlKey: true });
  for (const act of [acts.onOnly, acts.onExclude, acts.onAdd]) {
    expect(act).toHaveBeenCalledExactlyOnceWith("Actor", "p1.exe");
  }
});

test("what is on and what is left out is said", () => {
  show();
  expect(screen.getByRole("button", { name: "Processes 1,214", pressed: true })).toBeTruthy();
  expect(screen.getByRole("button", { name: "not Module loads 386" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "No longer leave out Module loads" })).toBeTruthy();
});

test("one tab stop; arrows move, minus leaves out", async () => {
  const user = userEvent.setup();
  const { acts } = show();
  await user.tab();
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Processes 1,214");
  await user.keyboard("{ArrowDown}{ArrowDown}-");
  expect(acts.onExclude).toHaveBeenCalledExactlyOnceWith("Actor", "p0.exe");
  await user.keyboard("{Enter}");
  expect(acts.onOnly).toHaveBeenCalledExactlyOnceWith("Actor", "p0.exe");
});

test("rarer values are unfolded", async () => {
  show();
  expect(screen.queryByRole("button", { name: "p8.exe 1" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "2 more of Process" }));
  expect(screen.getByRole("button", { name: "p8.exe 1" })).toBeTruthy();
});
