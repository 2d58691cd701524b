import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { failure, stubServer } from "@/lib/stubServer";
import { Component as StartPage } from "./StartPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const all = ["devices.read", "jobs.read", "import.run", "tokens.manage_own"];
const none = { items: [], next: null };
const job = (id: string, state: string) => ({
  id,
  owner: "mira",
  names: [`${id}.evtx`],
  progress: {
    sequence: 1,
    state,
    bytes_done: 61,
    bytes_total: 100,
    records: 1,
    file: "",
    reason: "",
  },
});

test("without any data it says how data comes in, and promises nothing else", async () => {
  stubServer({ "GET /api/devices": none, "GET /api/imports": none }, all);
  const { container } = renderPart(<StartPage />);
  await screen.findByRole("heading", { name: "Drop event logs" });
  expect(screen.getByRole("link", { name: "Go to Import" }).getAttribute("href")).toBe("/import");
  expect(screen.getByLabelText("Command that sends events").textContent).toContain(
    "/api/ingest/winlog",
  );
  expect(screen.queryByText(/demo/i)).toBeNull();
  await expectAccessible(container);
});

test("the sample is imported at the press of a button, and its progress is shown", async () => {
  const asked = stubServer(
    {
      "GET /api/devices": none,
      "GET /api/imports": none,
      "POST /api/imports/sample": job("s1", "queued"),
    },
    all,
  );
  const { router } = renderPart(<StartPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Import the sample logs" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/import/s1");
  });
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("devices and imports lead to their pages; what runs stands first with its progress", async () => {
  const device = { device_id: "ab", name: "FIN-LT-0417", tags: ["Finance"], last_seen: null };
  stubServer(
    {
      "GET /api/devices": { items: [device], next: null, total: 1 },
      "GET /api/imports": { items: [job("old", "done"), job("new", "running")], next: null },
    },
    all,
  );
  const { container } = renderPart(<StartPage />);
  const link = await screen.findByRole("link", { name: "FIN-LT-0417" });
  expect(link.getAttribute("href")).toBe("/devices/ab/overview");
  expect(screen.getAllByRole("link", { name: /\.evtx/ }).map((a) => a.textContent)).toEqual([
    "new.evtx",
    "old.evtx",
  ]);
  const bar = screen.getByRole("progressbar", { name: "Import of new.evtx" });
  expect(bar.getAttribute("aria-valuenow")).toBe("61");
  await expectAccessible(container);
});

test("a store that does not answer is told, with a way to ask again", async () => {
  stubServer(
    {
      "GET /api/devices": () => failure(503, "unavailable", "The store is away."),
      "GET /api/imports": none,
    },
    all,
  );
  renderPart(<StartPage />);
  expect(
    await screen.findByText("The devices could not be read: The store is away.", undefined, {
      timeout: 5000,
    }),
  ).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

test("flags of mine lead to their events, whatever the device; without any it says how to set one", async () => {
  const device = "a".repeat(40);
  const mark = (EventId: string, value: string) => ({
    device_id: device,
    device_name: "fin-lt-0417",
    mark: {
      DeviceId: device,
      EventId,
      Timestamp: "2026-11-17T09:12:33.0904127Z",
      kind: "flag",
      version: 1,
      value,
      author: "mira",
      set: "2026-11-18T08:00:00.0000000Z",
    },
  });
  let items = [mark("7", "red"), mark("8", "blue")];
  const replies = {
    "GET /api/devices": { ...none, items: [], total: 0 },
    "GET /api/imports": { items: [job("i1", "done")], next: null },
    "GET /api/me/flags": () => ({ items, next: null }),
    [`GET /api/devices/${device}/events/7`]: {
      row: {
        ActionType: "ProcessCreated",
        Group: "process",
        Actor: "explorer.exe",
        Account: "mira",
        Title: "calc.exe",
        Detail: "calc.exe",
      },
    },
    [`GET /api/devices/${device}/events/8`]: failure(404, "not_found", "there is no such event"),
  };
  stubServer(replies, [...all, "timeline.read"]);
  const { container, unmount } = renderPart(<StartPage />);
  const card = await screen.findByRole("region", { name: "Your flags, newest first" });
  expect(await within(card).findByRole("img", { name: "Flagged red" })).toBeTruthy();
  const links = within(card).getAllByRole("link");
  expect(links[0]?.getAttribute("href")).toContain(
    `/devices/${device}/timeline?v=1&last=all&at=2026-11-17T09:12:33.0904127Z~7&sel=7`,
  );
  expect(await within(card).findByText("calc.exe")).toBeTruthy();
  expect(await within(card).findByText("Event that is no longer stored")).toBeTruthy();
  await expectAccessible(container);
  unmount();
  items = [];
  stubServer(replies, [...all, "timeline.read"]);
  renderPart(<StartPage />);
  expect(await screen.findByText(/You have flagged no event/)).toBeTruthy();
});
