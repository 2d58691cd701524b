import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { CommandLine } from "./CommandLine";

const encoded = "dwBoAG8AYQBtAGkA";

test("an encoded command stands decoded, with what it was wrapped in, and as recorded on demand", async () => {
  const user = userEvent.setup();
  const { container } = renderPart(<CommandLine text={`powershell.exe -enc ${encoded}`} />);
  expect(screen.getByText("⟨from Base64, UTF-16⟩")).toBeTruthy();
  expect(screen.getByText("whoami")).toBeTruthy();
  await expectAccessible(container);
  await user.tab();
  await user.keyboard("{Enter}");
  expect(screen.getByRole("button", { name: "As recorded", pressed: true })).toBeTruthy();
  expect(screen.getByText(`powershell.exe -enc ${encoded}`)).toBeTruthy();
  expect(screen.queryByText("whoami")).toBeNull();
});

test("what is copied is what is shown", async () => {
  const user = userEvent.setup();
  renderPart(<CommandLine text={`powershell.exe -enc ${encoded}`} />);
  await user.click(screen.getByRole("button", { name: "Copy the decoded text" }));
  expect(await navigator.clipboard.readText()).toBe("whoami");
});

test("a plain command line has nothing to switch", () => {
  renderPart(<CommandLine text="cmd.exe /c dir" />);
  expect(screen.getByRole("heading", { name: "Command line, as recorded" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Decoded" })).toBeNull();
});
