import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { DataGrid } from "./DataGrid";
import { TreeGrid } from "./TreeGrid";
import type { Column, GridProps, Item, Layout, SortKey } from "./types";

interface Thing {
  name: string;
  size: number;
  level?: number;
  expanded?: boolean;
}

const columns: Column<Thing>[] = [
  { id: "name", header: "Name", width: 200, flex: true, sortable: true, cell: (row) => row.name },
  { id: "size", header: "Size", width: 80, align: "end", cell: (row) => row.size },
];

const items = (count: number): Item<Thing>[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "row",
    id: String(index),
    row: { name: `thing ${String(index)}`, size: index },
  }));

function Held(props: Partial<GridProps<Thing>> & { ticks?: boolean }) {
  const { ticks, ...rest } = props;
  const [active, setActive] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [layout, setLayout] = useState<Layout>(columns.map(({ id, width }) => ({ id, width })));
  return (
    <DataGrid
      label="Things"
      columns={columns}
      layout={layout}
      onLayout={setLayout}
      items={items(1000)}
      rowName={(row) => row.name}
      activeId={active}
      onActive={setActive}
      {...(ticks ? { selected, onSelected: setSelected } : {})}
      {...rest}
    />
  );
}

const active = () => {
  const id = screen.getByRole("grid").getAttribute("aria-activedescendant");
  return id === null ? null : (document.getElementById(id)?.textContent ?? null);
};

test("only what is seen is drawn, and the grid says how many there are", async () => {
  const { container } = renderPart(<Held total={4112} />);
  const grid = screen.getByRole("grid", { name: "Things" });
  expect(grid.getAttribute("aria-rowcount")).toBe("4113");
  expect(within(grid).getAllByRole("row").length).toBeLessThan(80);
  expect(within(grid).getByRole("row", { name: "thing 0" }).getAttribute("aria-rowindex")).toBe(
    "2",
  );
  await expectAccessible(container);
});

test("arrows move a cell, pages and ends move rows, Enter opens", async () => {
  const onOpen = vi.fn();
  renderPart(<Held onOpen={onOpen} />);
  const user = userEvent.setup();
  await user.tab();
  expect(document.activeElement).toBe(screen.getByRole("grid"));
  await user.keyboard("{ArrowDown}");
  expect(active()).toBe("thing 0");
  await user.keyboard("{ArrowDown}{ArrowRight}");
  expect(active()).toBe("1");
  await user.keyboard("{ArrowLeft}{Enter}");
  expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ id: "1" }));
  await user.keyboard("{PageDown}{Home}");
  expect(active()).toBe("thing 0");
});

test("the header is reached from the first row and sorts, sizes and moves columns", async () => {
  const onSort = vi.fn<(sort: readonly SortKey[]) => void>();
  renderPart(<Held onSort={onSort} sort={[{ id: "name", descending: false }]} />);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
  expect(onSort).toHaveBeenCalledWith([{ id: "name", descending: true }]);
  const header = screen.getByRole("columnheader", { name: "Name" });
  expect(header.getAttribute("aria-sort")).toBe("ascending");
  await user.keyboard("{Control>}{ArrowRight}{/Control}");
  expect(
    screen
      .getAllByRole("columnheader")
      .map((cell) => cell.ariaLabel ?? cell.getAttribute("aria-label")),
  ).toEqual(["Size", "Name"]);
});

test("Space ticks a row, Shift with an arrow ticks a range, and keys of the page come first", async () => {
  const onKey = vi.fn((event: { key: string }) => event.key === "f");
  renderPart(<Held ticks onKey={onKey} />);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard("{ArrowDown} {Shift>}{ArrowDown}{ArrowDown}{/Shift}");
  const ticked = screen
    .getAllByRole("row")
    .filter((row) => row.getAttribute("aria-selected") === "true")
    .map((row) => row.getAttribute("aria-label"));
  expect(ticked).toEqual(["thing 0", "thing 1", "thing 2"]);
  await user.keyboard("f");
  expect(onKey.mock.results.at(-1)?.value).toBe(true);
});

test("a note between rows can be read and is not opened", async () => {
  const onOpen = vi.fn();
  const note: Item<Thing> = { kind: "note", id: "gap", name: "2 h without events", content: "gap" };
  renderPart(<Held items={[...items(1), note, ...items(3).slice(1)]} onOpen={onOpen} />);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(active()).toBe("gap");
  expect(onOpen).not.toHaveBeenCalled();
  expect(screen.getByRole("gridcell", { name: "2 h without events" })).toBeTruthy();
});

test("an outline unfolds to the right, folds to the left, then goes to the parent", async () => {
  const onToggle = vi.fn();
  const tree: Item<Thing>[] = [
    { kind: "row", id: "a", row: { name: "a", size: 1, level: 1, expanded: true } },
    { kind: "row", id: "b", row: { name: "b", size: 2, level: 2, expanded: false } },
  ];
  function Tree() {
    const [at, setAt] = useState<string | null>("b");
    return (
      <TreeGrid
        label="Outline"
        columns={columns}
        items={tree}
        rowName={(row) => row.name}
        activeId={at}
        onActive={setAt}
        tree={{
          place: ({ level = 1, expanded }) => ({
            level,
            position: 1,
            setSize: 1,
            ...(expanded === undefined ? {} : { expanded }),
          }),
          onToggle,
        }}
      />
    );
  }
  const { container } = renderPart(<Tree />);
  const user = userEvent.setup();
  await user.tab();
  const row = screen.getByRole("row", { name: "b" });
  expect(row.getAttribute("aria-level")).toBe("2");
  await user.keyboard("{ArrowRight}");
  expect(onToggle).toHaveBeenLastCalledWith(expect.objectContaining({ name: "b" }), true);
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(onToggle).toHaveBeenLastCalledWith(expect.objectContaining({ name: "a" }), false);
  await expectAccessible(container);
});
