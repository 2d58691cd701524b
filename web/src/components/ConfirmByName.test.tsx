import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { ConfirmByName } from "./ConfirmByName";

function show(onConfirm: () => Promise<void>) {
  const onClose = vi.fn();
  renderPart(
    <ConfirmByName
      title="Remove the user"
      name="mira"
      act="Remove mira"
      onConfirm={onConfirm}
      onClose={onClose}
    >
      Their sessions end.
    </ConfirmByName>,
  );
  return onClose;
}

test("only the name, typed, opens the way; Enter then does it", async () => {
  const confirm = vi.fn(() => Promise.resolve());
  const onClose = show(confirm);
  const act = await screen.findByRole<HTMLButtonElement>("button", { name: "Remove mira" });
  await expectAccessible(screen.getByRole("alertdialog"));
  const field = screen.getByLabelText("Name");
  await userEvent.type(field, "mir{Enter}");
  expect(act.disabled).toBe(true);
  expect(confirm).not.toHaveBeenCalled();
  await userEvent.type(field, "a{Enter}");
  await waitFor(() => {
    expect(onClose).toHaveBeenCalledOnce();
  });
  expect(confirm).toHaveBeenCalledOnce();
});

test("a refusal is told, and the dialog stays", async () => {
  const onClose = show(() => Promise.reject(new Error("An administrator must remain.")));
  await userEvent.type(await screen.findByLabelText("Name"), "mira{Enter}");
  expect(await screen.findByText("An administrator must remain.")).toBeTruthy();
  expect(onClose).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "Keep it" }));
  expect(onClose).toHaveBeenCalledOnce();
});
