import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { ColumnsDialog } from "./ColumnsDialog";
import type { Column, Layout } from "./types";

const columns: Column<null>[] = [
  { id: "mark", header: "Mark", width: 24, fixed: true, cell: () => null },
  { id: "name", header: "Name", width: 200, cell: () => null },
  { id: "domain", header: "Domain", width: 120, cell: () => null },
  { id: "group", header: "Group", width: 90, cell: () => null },
];
const layout: Layout = [
  { id: "mark", width: 24 },
  { id: "name", width: 200 },
  { id: "domain", width: 120 },
];

test("columns are shown, hidden and moved, and fixed ones are not offered", async () => {
  const onLayout = vi.fn<(layout: Layout) => void>();
  const { baseElement } = renderPart(
    <ColumnsDialog columns={columns} layout={layout} standard={layout} onLayout={onLayout} />,
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Columns" }));
  expect(screen.queryByRole("checkbox", { name: "Mark" })).toBeNull();
  await user.click(screen.getByRole("checkbox", { name: "Group" }));
  expect(onLayout).toHaveBeenLastCalledWith([...layout, { id: "group", width: 90 }]);
  await user.click(screen.getByRole("checkbox", { name: "Domain" }));
  expect(onLayout).toHaveBeenLastCalledWith(layout.slice(0, 2));
  screen.getByRole("checkbox", { name: "Domain" }).focus();
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  expect(onLayout.mock.lastCall?.[0].map(({ id }) => id)).toEqual(["mark", "domain", "name"]);
  await expectAccessible(baseElement);
});
