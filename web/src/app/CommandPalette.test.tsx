import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { stubServer } from "@/lib/stubServer";
import { CommandPalette } from "./CommandPalette";
import { deviceFilter, matching, pages } from "./commands";

afterEach(() => {
  vi.unstubAllGlobals();
});

const device = {
  device_id: "ab12",
  name: "FIN-LT-0417",
  os_platform: "Windows11",
  domain: "",
};

test("Ctrl K reaches it, arrows choose, Enter opens; devices come from the server", async () => {
  Element.prototype.scrollIntoView = vi.fn();
  const asked = stubServer({ "GET /api/devices": { items: [device], next: null } }, [
    "devices.read",
  ]);
  const { container, router } = renderPart(<CommandPalette />);
  const field = await screen.findByRole("combobox", { name: "Search" });
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(document.activeElement).toBe(field);
  await waitFor(() => {
    expect(screen.getByRole("option", { name: "Go to Devices" })).toBeTruthy();
  });
  await userEvent.keyboard("fin");
  await screen.findByRole("option", { name: /FIN-LT-0417/ });
  expect(asked.at(-1)?.query.get("q")).toBe("fin");
  await expectAccessible(container);
  await userEvent.keyboard("{ArrowDown}{ArrowUp}{Enter}");
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/devices/ab12/overview");
  });
  expect(field.getAttribute("aria-expanded")).toBe("false");
});

test("who may not see devices is not offered them, and Escape closes", async () => {
  const asked = stubServer({}, ["audit.read"]);
  renderPart(<CommandPalette />);
  const field = await screen.findByRole("combobox");
  await userEvent.type(field, "audit");
  await screen.findByRole("option", { name: "Settings: Audit log" });
  await userEvent.clear(field);
  await userEvent.type(field, "devices");
  expect(await screen.findByText("No device, page or command matches “devices”.")).toBeTruthy();
  expect(asked).toEqual([]);
  await userEvent.keyboard("{Escape}");
  expect(field.getAttribute("aria-expanded")).toBe("false");
});

test("pages follow permissions; labels that begin with the text come first", () => {
  const none = pages(() => false).map(({ label }) => label);
  expect(none).toEqual([
    "Go to Start",
    "Go to Settings",
    "Settings: You",
    "Settings: Roles",
    "Settings: About",
  ]);
  const found = matching(
    ["Go to Settings", "Settings: You"].map((label) => ({ id: label, label })),
    "settings",
  );
  expect(found.map(({ label }) => label)).toEqual(["Settings: You", "Go to Settings"]);
});

test("what is typed never becomes more than words of a filter", () => {
  expect(deviceFilter(" fin-lt ")).toBe('"fin-lt"');
  expect(deviceFilter("fin")).toBe("fin");
  expect(deviceFilter('-a" OR "b')).toBe('"-a  OR  b"');
});
