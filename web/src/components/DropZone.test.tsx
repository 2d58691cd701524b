import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible } from "@/lib/render";
import type { Dropped } from "@/lib/droppedFiles";
import { DropZone } from "./DropZone";

const file = (name: string) => new File(["x"], name);

/** A folder as a browser hands it out: in pieces, the last one empty. */
function folder(path: string, children: readonly object[]) {
  return {
    isFile: false,
    name: path.split("/").at(-1),
    fullPath: path,
    createReader: () => {
      const pieces = [children.slice(0, 1), children.slice(1), []];
      return {
        readEntries: (done: (entries: unknown) => void) => {
          done(pieces.shift() ?? []);
        },
      };
    },
  };
}

function leaf(path: string, readable = true) {
  const name = path.split("/").at(-1) ?? "";
  return {
    isFile: true,
    name,
    fullPath: path,
    file: (done: (file: File) => void, failed: (cause: Error) => void) => {
      if (readable) done(file(name));
      else failed(new Error("gone"));
    },
  };
}

function drop(target: EventTarget, entries: readonly object[]) {
  const items = entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry }));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], items } });
  fireEvent(target as Window, event);
  return event;
}

test("a dropped folder is read to its ends, with the paths inside of it", async () => {
  const got = vi.fn<(dropped: Dropped) => void>();
  render(<DropZone title="Drop event logs" onFiles={got} wholePage />);
  const event = drop(window, [
    folder("/Logs", [
      leaf("/Logs/System.evtx"),
      folder("/Logs/old", [leaf("/Logs/old/Security.evtx"), leaf("/Logs/old/lost.evtx", false)]),
    ]),
    leaf("/audit.log"),
  ]);
  expect(event.defaultPrevented).toBe(true);
  await waitFor(() => {
    expect(got).toHaveBeenCalledOnce();
  });
  const dropped = got.mock.calls[0]?.[0];
  expect(dropped?.files.map(({ path }) => path)).toEqual([
    "Logs/System.evtx",
    "Logs/old/Security.evtx",
    "audit.log",
  ]);
  expect(dropped?.unread).toBe(1);
});

test("files are chosen without a mouse", async () => {
  const got = vi.fn<(dropped: Dropped) => void>();
  const { container } = render(<DropZone title="Drop event logs" onFiles={got} />);
  await expectAccessible(container);
  const field = screen.getByLabelText("Files");
  const clicked = vi.spyOn(field, "click");
  await userEvent.tab();
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Choose files" }));
  await userEvent.keyboard("{Enter}");
  expect(clicked).toHaveBeenCalledOnce();
  await userEvent.upload(field, [file("a.evtx"), file("b.evtx")]);
  expect(got.mock.calls[0]?.[0].files.map(({ path }) => path)).toEqual(["a.evtx", "b.evtx"]);
});

test("a refusal says why and takes nothing, and the browser stays on the page", async () => {
  const got = vi.fn();
  render(<DropZone title="Drop" onFiles={got} refusal="Needs the role Operator." wholePage />);
  expect(screen.getByText("Needs the role Operator.")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
  expect(drop(window, [leaf("/a.evtx")]).defaultPrevented).toBe(true);
  await Promise.resolve();
  expect(got).not.toHaveBeenCalled();
});
