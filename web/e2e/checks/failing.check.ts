// A server that answers late, in part and not at all.
import { computers } from "../fixtures/logs";
import { idOf } from "../models/api";
import { Devices } from "../models/devices";
import { Timeline } from "../models/timeline";
import { expect, test } from "../served";

const timelinePages = /\/api\/devices\/[0-9a-f]{40}\/timeline(\?|$)/;

const broken = {
  status: 503,
  contentType: "application/json",
  body: JSON.stringify({
    error: {
      code: "unavailable",
      message: "The telemetry engine does not answer.",
      hint: "It is started again by itself.",
      request_id: "0123456789abcdef",
    },
  }),
};

test("late: the toolbar stands at once, and rows come when they come", async ({
  page,
  devices,
}) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(timelinePages, async (route) => {
    await held;
    await route.continue();
  });
  const timeline = new Timeline(page);
  await page.goto(`/devices/${idOf(devices, computers.sample)}/timeline`);
  await expect(timeline.toolbar).toBeVisible();
  await expect(page.getByText(/^Still reading/)).toBeVisible();
  await expect(timeline.overview).toBeVisible();
  answer();
  await expect(timeline.rows.first()).toBeVisible();
  await expect(page.getByText(/^Still reading/)).toHaveCount(0);
});

test("never: the reason, its id and a way to try again", async ({ page, devices }) => {
  await page.route(timelinePages, (route) => route.fulfill(broken));
  const timeline = new Timeline(page);
  await page.goto(`/devices/${idOf(devices, computers.sample)}/timeline`);
  const told = page.getByRole("alert").filter({ hasText: "The timeline could not be read" });
  await expect(told).toContainText("The telemetry engine does not answer.");
  await expect(told).toContainText("0123456789abcdef");
  await page.unroute(timelinePages);
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(timeline.rows.first()).toBeVisible();
});

test("in part: rows that are here stay when more cannot be read", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.busy));
  await expect(timeline.count).toContainText("480");
  await page.route(timelinePages, (route) => route.fulfill(broken));
  await timeline.grid.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowUp");
  const told = page.getByRole("alert").filter({ hasText: "More rows could not be read" });
  await expect(told).toContainText("Rows shown are kept.");
  await expect(timeline.rows.first()).toBeVisible();
  await page.unroute(timelinePages);
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(told).toHaveCount(0);
  await expect(timeline.rows.first()).toBeVisible();
});

test("without numbers: rows are shown though counts, facets and bars fail", async ({
  page,
  devices,
}) => {
  await page.route(/\/timeline\/(count|facets|overview)/, (route) => route.fulfill(broken));
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await expect(timeline.row("lsass.exe")).toBeVisible();
});

test("not at all: the list says that the server is not reached", async ({ page }) => {
  await page.route(/\/api\/devices(\?|$)/, (route) => route.abort("connectionrefused"));
  const devices = new Devices(page);
  await page.goto("/devices");
  const told = page.getByRole("alert").filter({ hasText: "The list could not be read" });
  await expect(told).toBeVisible();
  await page.unroute(/\/api\/devices(\?|$)/);
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(devices.row(computers.sample)).toBeVisible();
});
