import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { act } from "react";
import { Route, Routes } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { failure, stubServer } from "@/lib/stubServer";
import { Component as ImportPage } from "./ImportPage";

/** The event stream of an import, driven by the test. */
class Events extends EventTarget {
  static all: Events[] = [];
  isClosed = false;
  constructor(readonly url: string) {
    super();
    Events.all.push(this);
  }
  close() {
    this.isClosed = true;
  }
  tell(progress: object) {
    this.dispatchEvent(new MessageEvent("progress", { data: JSON.stringify(progress) }));
  }
}

beforeEach(() => {
  Events.all = [];
  vi.stubGlobal("EventSource", Events);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const all = ["jobs.read", "import.run", "import.purge", "query.run"];
const progress = (state: string, more: object = {}) => ({
  sequence: 1,
  state,
  bytes_done: 0,
  bytes_total: 0,
  records: 0,
  file: "",
  reason: "",
  ...more,
});
const job = (state: string, more: object = {}) => ({
  id: "ab12",
  owner: "mira",
  names: ["Logs/System.evtx", "Logs/notes.txt"],
  progress: progress(state, more),
});
const report = (more: object = {}) => ({
  job: "ab12",
  files: 1,
  records: 100,
  rows: 80,
  source_only: 20,
  duplicates: 6,
  bytes: 69_632,
  seconds: 1.5,
  unread: ["Logs/notes.txt"],
  error_count: 1,
  errors: [{ file: "Logs/System.evtx", offset: 0x92000, reason: "the chunk is damaged" }],
  ...more,
});
const answer = (columns: string[], row: unknown[]) => ({
  columns: columns.map((name) => ({ name, type: "string" })),
  rows: [row],
  row_count: 1,
  truncated: false,
  seconds: 0.1,
  query_id: "q",
});
const time = "2026-11-03T06:58:00.0000000Z";
const answers = ({ body }: { body: unknown }) =>
  (body as { query: string }).query.includes("by SourceFile")
    ? answer(
        ["SourceFile", "Records", "Devices", "Device", "Name", "Kind", "First", "Last"],
        ["Logs/System.evtx", 94, 1, "d1", "FIN-LT-0417", "evtx", time, time],
      )
    : answer(
        ["DeviceId", "Records", "Name", "First", "Last"],
        ["d1", 94, "FIN-LT-0417", time, time],
      );

const page = (at: string) =>
  renderPart(
    <Routes>
      <Route path="/import" element={<ImportPage />} />
      <Route path="/import/:jobId" element={<ImportPage />} />
    </Routes>,
    at,
  );

test("imports are listed with the figures of their reports, and Enter opens one", async () => {
  stubServer(
    {
      "GET /api/imports": { items: [job("done")], next: null },
      "GET /api/imports/ab12": job("done"),
      "GET /api/imports/ab12/report": report(),
      "GET /api/uploads": { items: [], next: null },
      "POST /api/query": answers,
    },
    all,
  );
  const { container, router } = page("/import");
  const grid = await screen.findByRole("grid", { name: "Imports, newest first" });
  expect(await within(grid).findByText("Done, 1 error")).toBeTruthy();
  await expectAccessible(container);
  grid.focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/import/ab12");
  });
});

test("progress comes as it happens, and the end brings the report and the device", async () => {
  let ended = false;
  stubServer(
    {
      "GET /api/imports/ab12": () => job("running", { bytes_total: 100 }),
      "GET /api/imports/ab12/report": () => (ended ? report() : failure(409, "conflict", "No.")),
      "POST /api/query": answers,
    },
    all,
  );
  page("/import/ab12");
  const bar = await screen.findByRole("progressbar", { name: "Import of Logs" });
  await waitFor(() => {
    expect(Events.all).toHaveLength(1);
  });
  expect(Events.all[0]?.url).toBe("/api/imports/ab12/events");
  act(() => {
    Events.all[0]?.tell(progress("running", { sequence: 2, bytes_done: 61, bytes_total: 100 }));
  });
  await waitFor(() => {
    expect(bar.getAttribute("aria-valuenow")).toBe("61");
  });
  ended = true;
  act(() => {
    Events.all[0]?.tell(progress("done", { sequence: 3, bytes_done: 100, bytes_total: 100 }));
  });
  const open = await screen.findByRole("link", { name: "Open FIN-LT-0417" });
  expect(open.getAttribute("href")).toBe("/devices/d1/overview");
  expect(Events.all[0]?.isClosed).toBe(true);
  expect(screen.getByText("6 duplicates left out")).toBeTruthy();
});

test("errors open under their file by keyboard, with the place of each", async () => {
  stubServer(
    {
      "GET /api/imports/ab12": job("done"),
      "GET /api/imports/ab12/report": report(),
      "POST /api/query": answers,
    },
    all,
  );
  const { container, router } = page("/import/ab12");
  await screen.findByText("Done, 1 error", { selector: "[role=gridcell] *" });
  const grid = screen.getByRole("grid", { name: "Files of the import" });
  grid.focus();
  await userEvent.keyboard("o");
  expect(await screen.findByText("the chunk is damaged")).toBeTruthy();
  expect(screen.getByText("0x0009_2000")).toBeTruthy();
  expect(router.state.location.search).toContain("sel=Logs");
  expect(screen.getByText("not of a kind that is read")).toBeTruthy();
  await expectAccessible(container);
});

test("files that were here before are said to be, and nothing is counted twice", async () => {
  stubServer(
    {
      "GET /api/imports/ab12": job("done"),
      "GET /api/imports/ab12/report": report({
        duplicates: 100,
        rows: 0,
        error_count: 0,
        errors: [],
      }),
      "POST /api/query": { ...answer([], []), rows: [], row_count: 0 },
    },
    all,
  );
  page("/import/ab12");
  expect(await screen.findByText("Already imported.")).toBeTruthy();
  expect(screen.getByText("Already here")).toBeTruthy();
});

test("removing wants the name, says what goes, and asks the server", async () => {
  const asked = stubServer(
    {
      "GET /api/imports/ab12": job("done"),
      "GET /api/imports/ab12/report": report(),
      "DELETE /api/imports/ab12": { records: 94 },
      "POST /api/query": answers,
    },
    all,
  );
  page("/import/ab12");
  await userEvent.click(await screen.findByRole("button", { name: "Remove this import" }));
  await userEvent.type(await screen.findByLabelText("Name"), "Logs");
  await userEvent.click(screen.getByRole("button", { name: "Remove 94 records" }));
  expect(await screen.findByText("Removed 94 records of this import.")).toBeTruthy();
  expect(asked.some(({ method }) => method === "DELETE")).toBe(true);
});

test("who may not import is told why, and drops are refused", async () => {
  stubServer({ "GET /api/imports": { items: [], next: null } }, ["jobs.read"]);
  page("/import");
  expect(await screen.findByText(/Importing needs the permission import\.run/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Choose files" })).toBeNull();
  expect(await screen.findByText("Nothing has been imported yet.")).toBeTruthy();
});
