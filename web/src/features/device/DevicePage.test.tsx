import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { Component as DevicePage } from "./DevicePage";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const id = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c";

const overview = {
  device: {
    device_id: id,
    name: "fin-lt-0417",
    kind: "computer",
    os_platform: "Windows11",
    os_version: "24H2",
    os_build: 26100,
    os_architecture: "64-bit",
    domain: "tidewater.example",
    address: "10.24.7.41",
    device_type: "",
    os_distribution: "",
    public_ip: "",
    join_type: "",
    cloud_platforms: "",
    site: "",
    vendor: "",
    model: "",
    health: "LogsOnly",
    is_silent: false,
    onboarding_status: "",
    sensor_version: "",
    asset_value: "Normal",
    criticality: "",
    tags: ["Finance", "internet-facing"],
    own_tags: ["Finance"],
    group: "",
    directory_id: "",
    is_internet_facing: null,
    first_seen: "2026-11-03T08:00:01.0000000Z",
    last_seen: "2026-11-17T09:41:07.1234567Z",
    merged: 0,
  },
  aliases: [{ kind: "sid", value: "S-1-5-21-1-2-3" }],
  merged_ids: [],
  addresses: [],
  gateways: [],
  dns_servers: ["10.24.0.10"],
  first_evidence: { time: "2026-11-03T08:00:01.0000000Z", source: "System" },
  last_evidence: { time: "2026-11-17T09:41:07.0000000Z", source: "Security" },
  logons: {
    interactive_accounts: 2,
    other_accounts: 5,
    most_frequent: "tide\\mira",
    least_frequent: "tide\\adm-rlind",
  },
  users: [{ domain: "tide", name: "mira", interactive: 41, other: 12, first: null, last: null }],
  techniques: [
    {
      id: "T1070.001",
      name: "Clear Windows Event Logs",
      time: "2026-11-16T23:10:00.0000000Z",
      event_id: "7021",
    },
  ],
  technique_count: 1,
  health: {
    sensor: "LogsOnly",
    headline: "not_known",
    reason: "No antivirus on this device reports here.",
    checks: [{ name: "quick_scan", state: "unknown", value: "", time: null, source: "" }],
  },
  risk: { level: "", reason: "Not known: nothing detects yet." },
  exposure: { level: "", reason: "Not known: no software inventory has been received." },
  alerts: null,
  actions: [],
};

function server(permissions: string[], changed = vi.fn()) {
  const answers: Record<string, unknown> = {
    "GET /api/session": { name: "mira", csrf_token: "t", permissions },
    [`GET /api/devices/${id}/overview`]: overview,
    [`GET /api/devices/${id}/coverage`]: {
      from: "2026-10-19T00:00:00.0000000Z",
      to: "2026-11-18T00:00:00.0000000Z",
      cell_hours: 2,
      is_logs_only: true,
      cells: Array.from({ length: 360 }, (_, cell) => (cell === 359 ? 7 : 0)),
      sources: [{ source: "Security" }],
      more_sources: 13,
      gaps: [],
      gap_count: 0,
    },
    [`GET /api/devices/${id}/peers`]: { items: [], peer_count: 0, inbound_public: 0 },
    [`GET /api/devices/${id}/activity`]: {
      bars: [],
      kinds: [],
      rows: 0,
      from: "2026-11-17T00:00:00.0000000Z",
      to: "2026-11-18T00:00:00.0000000Z",
      step: 1,
      step_name: "10 min",
      peak: 0,
    },
    [`PATCH /api/devices/${id}`]: { edit: { version: 4 }, changed: true },
    [`POST /api/devices/${id}/edits/undo`]: { edit: { version: 5 }, changed: true },
  };
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const key = `${init.method ?? "GET"} ${url.split("?")[0] ?? ""}`;
    if (init.method !== "GET") changed(key, JSON.parse(String(init.body)));
    return Promise.resolve(
      new Response(JSON.stringify(answers[key] ?? {}), {
        status: key in answers ? 200 : 404,
        headers: { "Content-Type": "application/json" },
      }),
    );
  });
  return changed;
}

const page = (
  <Routes>
    <Route path="/devices/:deviceId/:tab" element={<DevicePage />} />
  </Routes>
);

test("what is known of a device, what it rests on, and what is not known", async () => {
  server(["devices.read", "devices.edit", "timeline.read"]);
  const { container } = renderPart(page, `/devices/${id}/overview`);
  expect(await screen.findByRole("heading", { level: 1, name: "fin-lt-0417" })).toBeTruthy();
  const card = (name: string) => within(screen.getByRole("region", { name }));
  expect(card("Device health").getByText("Status is not known")).toBeTruthy();
  expect(card("Active alerts").getByText("Not known: nothing detects yet.")).toBeTruthy();
  expect(
    card("Logged-on users").getByText("5 accounts logged on over the network or as a service."),
  ).toBeTruthy();
  expect(card("Logged-on users").getByText("most often, 41")).toBeTruthy();
  expect(
    card("Story so far")
      .getByRole("link", { name: "Clear Windows Event Logs" })
      .getAttribute("href"),
  ).toContain("sel=7021");
  expect(await card("Coverage").findByText(/Offline logs only: 14 channels/)).toBeTruthy();
  expect(await card("Activity").findByText("No events of this device are stored.")).toBeTruthy();
  await expectAccessible(container);
});

test("what is folded stays folded, and nothing is offered that cannot be done", async () => {
  server(["devices.read", "timeline.read"]);
  const { unmount } = renderPart(page, `/devices/${id}/overview`);
  const part = (await screen.findByRole("heading", { name: "Identity" })).closest("details");
  expect(part?.open).toBe(true);
  if (part) part.open = false;
  fireEvent(part ?? document, new Event("toggle"));
  unmount();
  renderPart(page, `/devices/${id}/overview`);
  const again = (await screen.findByRole("heading", { name: "Identity" })).closest("details");
  expect(again?.open).toBe(false);
  const other = screen.getByRole("heading", { name: "System" }).closest("details");
  expect(other?.open).toBe(true);
  expect(screen.queryByRole("button", { name: /Isolate/ })).toBeNull();
});

test("a tag is taken away at once and comes back by Undo, to the version before", async () => {
  const changed = server(["devices.read", "devices.edit", "timeline.read"]);
  renderPart(page, `/devices/${id}/alerts`);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Remove Finance" }));
  expect(changed).toHaveBeenLastCalledWith(`PATCH /api/devices/${id}`, {
    remove_tags: ["Finance"],
  });
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => {
    expect(changed).toHaveBeenLastCalledWith(`POST /api/devices/${id}/edits/undo`, { version: 3 });
  });
});

test("who may not edit sees the tags and why the controls are off", async () => {
  server(["devices.read"]);
  renderPart(page, `/devices/${id}/software`);
  expect(await screen.findByText("Finance")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Remove Finance" })).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Add a tag" }).disabled).toBe(true);
  expect(screen.getByText("Not known: no software inventory has been received.")).toBeTruthy();
});
