import { screen, waitFor } from "@testing-library/react";
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
