import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { failure, stubServer, type Asked } from "@/lib/stubServer";
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

test("users and files come from telemetry, grouped, and lead to their newest rows", async () => {
  Element.prototype.scrollIntoView = vi.fn();
  const names = ["Name", "Events", "Devices", "Timestamp", "DeviceId"];
  const columns = names.map((name) => ({ name, type: "string" }));
  const time = "2022-02-02T00:00:00.0000000Z";
  const asked = stubServer(
    {
      "GET /api/devices": { items: [], next: null },
      "POST /api/query": ({ body }: Asked) =>
        (body as { query: string }).query.includes("Name = Account")
          ? { columns, rows: [["WIN\\Admin", 27, 2, time, "ab12"]] }
          : failure(503, "busy", "The engine is busy."),
    },
    ["devices.read", "query.run"],
  );
  const { container, router } = renderPart(<CommandPalette />);
  await userEvent.type(await screen.findByRole("combobox"), "win\\");
  const users = await screen.findByRole("group", { name: "Users" });
  expect(await within(users).findByText("2 devices, newest 2 Feb 2022")).toBeTruthy();
  const files = screen.getByRole("group", { name: "Files" });
  expect(await within(files).findByText(/The engine is busy/)).toBeTruthy();
  expect(asked.filter(({ path }) => path === "/api/query")).toHaveLength(2);
  await expectAccessible(container);
  await userEvent.keyboard("{Enter}");
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/devices/ab12/timeline");
  });
  expect(new URLSearchParams(router.state.location.search).get("q")).toBe("Account:WIN\\Admin");
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
