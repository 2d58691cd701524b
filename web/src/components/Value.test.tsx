import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { Value } from "./Value";

test("what turns the direction of reading is shown as a mark, and said", async () => {
  const { container } = renderPart(<Value text={"invoice\u202efdp.exe"} kind="name" />);
  expect(container.textContent).toBe("invoice⟨RLO⟩fdp.exeHidden direction marks");
  expect(screen.getByTitle("right-to-left override")).toBeTruthy();
  expect(container.querySelector("bdi")?.getAttribute("dir")).toBe("ltr");
  await expectAccessible(container);
});

test("text that looks like ours stays text", () => {
  const { container } = renderPart(<Value text={'<img src=x onerror="alert(1)">'} />);
  expect(container.querySelector("img")).toBeNull();
  expect(container.textContent).toBe('<img src=x onerror="alert(1)">');
});

test("a look-alike is named", () => {
  renderPart(<Value text={"tidew\u0430ter.example"} />);
  expect(screen.getByText("tidewater.example")).toBeTruthy();
  expect(screen.getByTitle("CYRILLIC SMALL LETTER A").textContent).toBe("\u0430");
});

test("a path that is cut keeps its file name in a part of its own", () => {
  renderPart(<Value text={"C:\\Windows\\System32\\cmd.exe"} kind="path" cut="middle" />);
  expect(screen.getByText("cmd.exe")).toBeTruthy();
  expect(screen.getByText("C:\\Windows\\System32\\")).toBeTruthy();
});

test("a very long text is laid out when it is asked for", async () => {
  const { container } = renderPart(<Value text={"a".repeat(31_204)} />);
  expect(container.textContent?.length).toBeLessThan(5000);
  await userEvent.click(screen.getByRole("button", { name: "Show all 31,204 characters" }));
  expect(container.textContent?.length).toBe(31_204);
});

test("the menu works by keyboard: only, exclude, copy", async () => {
  const user = userEvent.setup();
  const only = vi.fn();
  renderPart(<Value text="http://a.example/x" field="RemoteUrl" onOnly={only} />);
  await user.tab();
  const button = screen.getByRole("button", {
    name: "What to do with RemoteUrl http://a.example/x",
  });
  expect(document.activeElement).toBe(button);
  await user.keyboard("{Enter}");
  await user.click(await screen.findByRole("menuitem", { name: "Copy defanged" }));
  expect(await navigator.clipboard.readText()).toBe("hxxp://a[.]example/x");
  await user.click(button);
  await user.click(await screen.findByRole("menuitem", { name: "Only this" }));
  expect(only).toHaveBeenCalledOnce();
});
