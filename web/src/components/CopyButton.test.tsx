import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { CopyButton } from "./CopyButton";

test("the keyboard copies, and the result is said", async () => {
  const user = userEvent.setup();
  const { container } = renderPart(<CopyButton text="abc" label="Copy the token" />);
  const button = await screen.findByRole("button", { name: "Copy the token" });
  await expectAccessible(container);
  await user.tab();
  expect(document.activeElement).toBe(button);
  await user.keyboard("{Enter}");
  await waitFor(() => {
    expect(screen.getByRole("status").textContent).toBe("Copied");
  });
  expect(await navigator.clipboard.readText()).toBe("abc");
});

test("a browser that refuses is not passed over in silence", async () => {
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("denied"));
  renderPart(<CopyButton text="abc" />);
  await user.click(await screen.findByRole("button", { name: "Copy" }));
  await waitFor(() => {
    expect(screen.getByRole("status").textContent).toBe("The browser does not allow copying here");
  });
});
