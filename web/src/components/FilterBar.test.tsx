import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { ApiError } from "@/api/call";
import { expectAccessible, renderPart } from "@/lib/render";
import { FilterBar } from "./FilterBar";

const fields = [
  { name: "FileName", doc: "Name of the file" },
  { name: "ActionType", values: ["ProcessCreated", "FileCreated"] },
];

function Held({ changed, error }: { changed: (value: string) => void; error?: ApiError }) {
  const [value, setValue] = useState("");
  return (
    <FilterBar
      label="Filter"
      value={value}
      onChange={(next) => {
        setValue(next);
        changed(next);
      }}
      fields={fields}
      error={value === "" ? null : error}
    />
  );
}

test("arrows choose a completion, Enter takes it, Enter again applies", async () => {
  const user = userEvent.setup();
  const changed = vi.fn();
  const { container } = renderPart(<Held changed={changed} />);
  const input = screen.getByRole<HTMLInputElement>("combobox", { name: "Filter" });
  await user.click(input);
  await user.keyboard("act");
  expect(screen.getByRole("option", { name: "ActionType:" })).toBeTruthy();
  await expectAccessible(container);
  await user.keyboard("{ArrowDown}{Enter}");
  expect(input.value).toBe("ActionType:");
  await user.keyboard("{ArrowDown}{Enter}");
  expect(input.value).toBe("ActionType:ProcessCreated ");
  expect(changed).not.toHaveBeenCalled();
  await user.keyboard("{Enter}");
  expect(changed).toHaveBeenLastCalledWith("ActionType:ProcessCreated");
});

test("Escape closes the list, then takes the typed text back", async () => {
  const user = userEvent.setup();
  renderPart(<Held changed={vi.fn()} />);
  const input = screen.getByRole<HTMLInputElement>("combobox", { name: "Filter" });
  await user.type(input, "file");
  expect(screen.getByRole("listbox")).toBeTruthy();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(input.value).toBe("file");
  await user.keyboard("{Escape}");
  expect(input.value).toBe("");
});

test("what the server says of a term is told, and the term is underlined", async () => {
  const user = userEvent.setup();
  const error = new ApiError(
    422,
    "invalid_input",
    "there is no field Foo",
    "did you mean FileName",
    "r",
    {
      column: 3,
    },
  );
  const { container } = renderPart(<Held changed={vi.fn()} error={error} />);
  const input = screen.getByRole("combobox", { name: "Filter" });
  await user.type(input, "a Foo:1{Enter}");
  expect(screen.getByRole("alert").textContent).toContain("there is no field Foo: did you mean");
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Foo:1")).toBeTruthy();
  await expectAccessible(container);
});

test("the filter is cleared by its button", async () => {
  const user = userEvent.setup();
  const changed = vi.fn();
  renderPart(<Held changed={changed} />);
  await user.type(screen.getByRole("combobox"), "x{Enter}");
  await user.click(screen.getByRole("button", { name: "Clear the filter" }));
  expect(changed).toHaveBeenLastCalledWith("");
});
