import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { Component as DevicesPage } from "./DevicesPage";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const row = (name: string, more: object = {}) => ({
  device_id: name.padEnd(40, "0"),
  name,
  kind: "computer",
  os_platform: "Windows11",
  os_version: "24H2",
  os_build: null,
  tags: [],
  own_tags: [],
  address: "10.24.7.41",
  domain: "tidewater.example",
  health: "LogsOnly",
  is_silent: false,
  exposure_level: "",
  risk_level: null,
  alerts: null,
  asset_value: "Normal",
  criticality: "",
  merged: 0,
  first_seen: "2026-11-03T08:01:00.0000000Z",
  last_seen: "2026-11-17T09:41:07.0000000Z",
  ...more,
});

const counters = {
  critical: 1,
  high_risk: null,
  high_exposure: 0,
  not_onboarded: 0,
  silent: 0,
  logs_only: 2,
  new_in_week: 0,
  internet_facing: 0,
  left_out: { transient: 14, excluded: 3 },
  as_of: "2026-11-17T12:02:04.0000000Z",
};

const me = { name: "mira", csrf_token: "t", permissions: ["devices.read", "devices.edit"] };

function server(devices: object[], more: Record<string, (init: RequestInit) => unknown> = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const path = url.split("?")[0] ?? "";
    const made = more[path]?.(init);
    const answer =
      made instanceof Response
        ? made
        : new Response(
            JSON.stringify(
              made ??
                (path === "/api/session"
                  ? me
                  : path === "/api/devices"
                    ? { items: devices, next: null, total: devices.length, counters }
                    : { items: [] }),
            ),
            { headers: { "Content-Type": "application/json" } },
          );
    return Promise.resolve(answer);
  });
  return asked;
}

test("devices with what is known of them; what is not known says so", async () => {
  server([row("fin-lt-0417"), row("dc-01", { criticality: "VeryHigh", tags: ["Tier 0"] })]);
  const { container } = renderPart(<DevicesPage />);
  const grid = await screen.findByRole("grid", { name: "Devices" });
  const line = within(grid).getByRole("row", { name: /^fin-lt-0417/ });
  expect(within(line).getByText("Logs only")).toBeTruthy();
  expect(within(line).getAllByText("Not known").length).toBeGreaterThan(0);
  expect(within(grid).getByText("Tier 0")).toBeTruthy();
  expect(screen.getByText(/14 transient and 3 excluded devices are left out/)).toBeTruthy();
  await expectAccessible(container);
});

test("a counter is a switch for its filter, which stands in the address", async () => {
  const asked = server([row("fin-lt-0417")]);
  const { router } = renderPart(<DevicesPage />);
  await screen.findByRole("grid");
  await userEvent.click(screen.getByRole("button", { name: /Logs only/ }));
  await waitFor(() => {
    expect(router.state.location.search).toContain("q=Health:LogsOnly");
  });
  await waitFor(() => {
    expect(asked.some(({ url }) => url.includes("q=Health%3ALogsOnly"))).toBe(true);
  });
});

test("ticked devices get a tag, and undo takes back that very change", async () => {
  const undone = vi.fn(() => ({ change_id: "c1", restored: 1, skipped: 0 }));
  const changed = vi.fn((init: RequestInit) => {
    expect(JSON.parse(String(init.body))).toEqual({
      device_ids: ["fin-lt-0417".padEnd(40, "0")],
      change: { add_tags: ["Finance"] },
    });
    return { change_id: "c1", matched: 1, changed: 1 };
  });
  server([row("fin-lt-0417"), row("dc-01")], {
    "/api/device-changes": changed,
    "/api/device-changes/c1/undo": undone,
  });
  renderPart(<DevicesPage />);
  const user = userEvent.setup();
  await screen.findByRole("grid");
  await user.click(screen.getByRole("checkbox", { name: /Select fin-lt-0417/ }));
  await user.click(screen.getByRole("button", { name: "Tags" }));
  await user.type(screen.getByLabelText("Tag"), "Finance");
  await user.click(screen.getByRole("button", { name: "Add tag to 1 device" }));
  await waitFor(() => {
    expect(changed).toHaveBeenCalledTimes(1);
  });
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => {
    expect(undone).toHaveBeenCalledTimes(1);
  });
});

test("without devices the page says how to get some", async () => {
  server([], {
    "/api/devices": () => ({
      items: [],
      next: null,
      total: 0,
      counters: { ...counters, left_out: { transient: 0, excluded: 0 } },
    }),
  });
  renderPart(<DevicesPage />);
  expect(await screen.findByText(/No devices yet/)).toBeTruthy();
});

test("menus of filters write the filter, and say what is chosen", async () => {
  server([row("fin-lt-0417"), row("web-01", { os_platform: "Linux" })]);
  const { router, container } = renderPart(<DevicesPage />);
  await screen.findByRole("grid");
  const pills = screen.getByRole("group", { name: "Filters" });
  const user = userEvent.setup();
  await user.tab();
  within(pills).getByRole("button", { name: "OS: any" }).focus();
  await user.keyboard("{Enter}");
  await user.click(await screen.findByRole("menuitemcheckbox", { name: "Linux" }));
  await waitFor(() => {
    expect(router.state.location.search).toContain("q=OSPlatform:Linux");
  });
  await user.keyboard("{Escape}");
  expect(within(pills).getByRole("button", { name: "OS: Linux" })).toBeTruthy();
  await expectAccessible(container);
}, 20_000);

test("another order waits to be asked for; values change in place", async () => {
  let isLater = false;
  server([], {
    "/api/devices": () => ({
      items: isLater
        ? [row("dc-01", { health: "Active" }), row("fin-lt-0417")]
        : [row("fin-lt-0417"), row("dc-01")],
      next: null,
      total: 2,
      counters,
    }),
    "/api/device-changes": () => {
      isLater = true;
      return { change_id: "c1", matched: 1, changed: 1 };
    },
  });
  renderPart(<DevicesPage />);
  const grid = await screen.findByRole("grid", { name: "Devices" });
  const names = () =>
    within(grid)
      .getAllByRole("row", { name: /Logs only|Active/ })
      .map((line) => /^[\w-]+/.exec(line.getAttribute("aria-label") ?? "")?.[0]);
  expect(names()).toEqual(["fin-lt-0417", "dc-01"]);
  // A change of one's own reads the list anew as the clock does.
  await userEvent.click(screen.getByRole("checkbox", { name: /Select fin-lt-0417/ }));
  await userEvent.click(screen.getByRole("button", { name: "Tags" }));
  await userEvent.type(screen.getByLabelText("Tag"), "x{Enter}");
  await screen.findByText("Order has changed.");
  expect(names()).toEqual(["fin-lt-0417", "dc-01"]);
  expect(within(grid).getByText("Active").closest("[data-changed]")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Refresh" }));
  await waitFor(() => {
    expect(names()).toEqual(["dc-01", "fin-lt-0417"]);
  });
  expect(screen.queryByText("Order has changed.")).toBeNull();
}, 20_000);

test("a filter that cannot be read is told in the server's words", async () => {
  server([], {
    "/api/devices": () =>
      new Response(
        JSON.stringify({
          error: {
            code: "invalid_input",
            message: "There is no field Nmae.",
            hint: "Did you mean DeviceName?",
            request_id: "r9",
            where: { field: "q", line: 1, column: 1 },
          },
        }),
        { status: 400 },
      ),
  });
  renderPart(<DevicesPage />, "/devices?v=1&q=Nmae:x");
  expect((await screen.findAllByText(/There is no field Nmae/)).length).toBeGreaterThan(0);
});
