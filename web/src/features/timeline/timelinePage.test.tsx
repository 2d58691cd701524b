// What the page says and offers beside its rows: what arrives, all that match, the filter to drop, long reading, what is kept.
import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { renderPart } from "@/lib/render";
import { at, row } from "./fixture";
import { device, rows, serve } from "./tabStub";
import { TimelineTab } from "./TimelineTab";

vi.mock("@/lib/saveAs", () => ({ saveAs: () => undefined }));
vi.mock("@/components/OverviewBars", () => ({ default: () => null }));

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

// A whole tab takes its time to draw where the machine is busy.
configure({ asyncUtilTimeout: 8000 });

const timeline = `/api/devices/${device}/timeline`;
const show = (to = `/devices/${device}/timeline`) =>
  renderPart(<TimelineTab deviceId={device} />, to);
const lineOf = (name: RegExp) => screen.findByRole("row", { name });

test("events that arrive wait below until they are asked for", async () => {
  const user = userEvent.setup();
  const { page } = serve();
  const fresh = row({ EventId: "9", Timestamp: at(5), Title: "nine.exe", Detail: "" });
  serve({
    [`GET ${timeline}`]: ({ url }) => [
      200,
      page(url.searchParams.get("start") === "oldest" ? [fresh] : rows),
    ],
  });
  show();
  await lineOf(/two\.exe/);
  const said = await screen.findByRole("status", { name: "Live" });
  await waitFor(() => {
    expect(said.textContent).toBe("Live: 1 new event waits below");
  });
  expect(screen.queryByRole("row", { name: /nine\.exe/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Show new events" }));
  expect(await lineOf(/nine\.exe/)).toBeTruthy();
  expect(said.textContent).toBe("");
});

test("who follows sees them at once", async () => {
  const user = userEvent.setup();
  const { page } = serve();
  serve({
    [`GET ${timeline}`]: ({ url }) => [
      200,
      page(
        url.searchParams.get("start") === "oldest"
          ? [row({ EventId: "9", Timestamp: at(5), Title: "nine.exe", Detail: "" })]
          : rows,
      ),
    ],
  });
  show();
  await user.click(await screen.findByRole("switch", { name: "Follow" }));
  expect(await lineOf(/nine\.exe/)).toBeTruthy();
});

test("a fixed range is not live", async () => {
  serve();
  show(`/?v=1&from=${at(0)}&to=${at(3)}`);
  await lineOf(/two\.exe/);
  expect(screen.queryByRole("switch", { name: "Follow" })).toBeNull();
});

test("Control A means all that match, by their number; what holds for the loaded ones alone says so", async () => {
  const user = userEvent.setup();
  serve({
    [`GET ${timeline}/count`]: () => [200, { rows: 12480, left_out: 0, is_exact: true }],
  });
  show();
  await user.click(await screen.findByText("two.exe", { selector: "[role=gridcell] bdi" }));
  screen.getByRole("grid").focus();
  await user.keyboard("{Control>}a{/Control}");
  const bar = within(await screen.findByRole("toolbar", { name: "Selected events" }));
  expect(bar.getByText("All 12,480 that match")).toBeTruthy();
  expect(bar.getByRole("button", { name: "Flag the 3 loaded" })).toBeTruthy();
  expect(bar.getByRole("button", { name: "Copy the 3 loaded" })).toBeTruthy();
  await user.click(bar.getByRole("button", { name: "Export all" }));
  expect(await screen.findByRole("dialog", { name: "Export this view" })).toBeTruthy();
});

test("a file may hold the columns shown alone", async () => {
  const user = userEvent.setup();
  const { sent } = serve({ "POST /api/exports": () => [200, {}] });
  show();
  await lineOf(/two\.exe/);
  await user.click(screen.getByRole("button", { name: "Export" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Export this view" }));
  await user.click(dialog.getByRole("radio", { name: "Those shown" }));
  await user.click(dialog.getByRole("button", { name: "Export" }));
  await waitFor(() => {
    expect(sent.find((one) => one.url.pathname === "/api/exports")?.body).toMatchObject({
      columns: [
        "Flag",
        "Timestamp",
        "Group",
        "ActionType",
        "Actor",
        "Title",
        "Detail",
        "Account",
        "Techniques",
      ],
    });
  });
});

test("without a match the page names the filter to drop and what that gives", async () => {
  const user = userEvent.setup();
  const { page } = serve();
  serve({
    [`GET ${timeline}`]: ({ url }) => [200, page(url.searchParams.has("groups") ? [] : rows)],
    [`GET ${timeline}/count`]: ({ url }) => [
      200,
      { rows: url.searchParams.has("groups") ? 0 : 2, left_out: 3, is_exact: true },
    ],
  });
  const { router } = show("/?v=1&g=file&q=two");
  expect(await screen.findByText(/Without “Files” there would be 2 events\./)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Drop “Files”" }));
  expect(await lineOf(/two\.exe/)).toBeTruthy();
  expect(new URLSearchParams(router.state.location.search).get("q")).toBe("two");
});

test("the view is copied as a query of the server's own words", async () => {
  const user = userEvent.setup();
  const { sent } = serve({
    [`GET ${timeline}/query`]: () => [200, { query: "DeviceTimeline\n| take 1\n" }],
  });
  show("/?v=1&g=-file");
  await lineOf(/two\.exe/);
  await user.click(screen.getByRole("button", { name: "Views" }));
  await user.click(await screen.findByRole("menuitem", { name: "Copy this view as KQL" }));
  expect(await screen.findByText("Copied the view as KQL.")).toBeTruthy();
  expect(await navigator.clipboard.readText()).toBe("DeviceTimeline\n| take 1\n");
  const asked = sent.find((one) => one.url.pathname.endsWith("/query"))?.url.searchParams;
  expect(asked?.get("without_groups")).toBe("file");
  expect(asked?.get("order")).toBe("asc");
});

test("order and columns are kept for a timeline whose link says nothing", async () => {
  const user = userEvent.setup();
  serve();
  const first = show();
  await lineOf(/two\.exe/);
  await user.selectOptions(screen.getByRole("combobox", { name: "Order" }), "Newest first");
  await waitFor(() => {
    expect(first.router.state.location.search).toContain("sort=time:desc");
  });
  first.unmount();
  const second = show();
  await waitFor(() => {
    expect(second.router.state.location.search).toContain("sort=time:desc");
  });
});

test("long reading says so and is stopped and gone on with", async () => {
  const user = userEvent.setup();
  let slow = true;
  const { page } = serve();
  const answer = serve({ [`GET ${timeline}`]: () => [200, page(rows)] });
  const quick = globalThis.fetch;
  vi.stubGlobal("fetch", (address: string, init: RequestInit) =>
    slow && new URL(address, "http://x").pathname === timeline
      ? new Promise((_, reject) => {
          init.signal?.addEventListener("abort", () => {
            reject(new DOMException("stopped", "AbortError"));
          });
        })
      : quick(address, init),
  );
  show();
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(await screen.findByText("Stopped before any row was read.")).toBeTruthy();
  slow = false;
  await user.click(screen.getByRole("button", { name: "Go on" }));
  expect(await lineOf(/two\.exe/)).toBeTruthy();
  expect(answer.sent.length).toBeGreaterThan(0);
});

test("a link that is too long for some programs says so", async () => {
  serve();
  show(`/?v=1&q=${"a".repeat(2100)}`);
  await lineOf(/two\.exe/);
  expect(screen.getByText(/some programs cut links after 2,000/)).toBeTruthy();
});

test("where there is more outside the range, its end says so and shows it", async () => {
  const user = userEvent.setup();
  serve();
  const { router } = show(`/?v=1&from=${at(-1)}&to=${at(1)}`);
  const note = await lineOf(/^End of the range\. Newer events are stored/);
  await user.click(within(note).getByRole("button", { name: "Show all stored" }));
  await waitFor(() => {
    expect(router.state.location.search).toContain("last=all");
  });
});
