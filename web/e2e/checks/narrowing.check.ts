// The timeline narrowed down: by brush, words, facets and chips; links and views bring it back.
import { computers } from "../fixtures/logs";
import { idOf } from "../models/api";
import { Timeline } from "../models/timeline";
import { said } from "../models/toasts";
import { expect, test } from "../served";

test("the overview is brushed by pointer and by keys", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.busy));
  await expect(timeline.count).toContainText("480");
  const box = await timeline.brush.boundingBox();
  if (!box) throw new Error("The overview has no box");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=/);
  await expect(timeline.removeChip("Zoom")).toBeVisible();
  await expect(timeline.count).not.toContainText("480");
  await timeline.removeChip("Zoom").click();
  await expect(timeline.count).toContainText("480");

  await timeline.brush.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/zoom=/);
  await expect(timeline.count).not.toContainText("480");
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/zoom=/);
  await expect(timeline.count).toContainText("480");
});

test("words, facets and chips narrow down, and Back widens again", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await expect(timeline.count).toHaveText("17 events");

  await timeline.filterBy("FileName:rundll32.exe");
  await expect(timeline.count).toContainText("left out by 1 filter");
  await expect(timeline.chips.getByText("rundll32.exe")).toBeVisible();
  await timeline.removeChip("FileName").click();
  await expect(timeline.count).toHaveText("17 events");

  await timeline.facet("Event groups", "Network").click();
  await expect(timeline.count).toContainText("3 of 17 shown");
  await expect(timeline.rows).toHaveCount(3);
  await expect(timeline.facet("Event groups", "Network")).toHaveAttribute("aria-pressed", "true");
  await timeline.facet("Event groups", "Registry").click({ modifiers: ["Control"] });
  await expect(timeline.count).toContainText("4 of 17 shown");
  await page.goBack();
  await expect(timeline.count).toContainText("3 of 17 shown");
  await timeline.removeChip("Network").click();
  await timeline.leaveOut("Process", "powershell.exe").click();
  await expect(timeline.chips.getByText("not", { exact: true })).toBeVisible();
  await expect(timeline.row("powershell.exe looked up")).toHaveCount(0);

  await timeline.segment("Alerts and techniques").click();
  await timeline.chips.getByRole("button", { name: "Clear" }).click();
  await expect(timeline.count).toHaveText("17 events");
});

test("a filter that cannot be read is told, and the last one stays", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await timeline.filterBy("Accunt:mira");
  await expect(page.getByRole("alert")).toContainText("Account");
  await expect(page.getByRole("alert")).toContainText("stays in force");
  await expect(timeline.filter).toHaveAttribute("aria-invalid", "true");
  await expect(timeline.rows.first()).toBeVisible();
});

test("filtered to nothing and an empty range say what is left out", async ({ page, devices }) => {
  const device = idOf(devices, computers.sample);
  const timeline = new Timeline(page);
  await timeline.open(device);
  await timeline.filterBy("no-such-word");
  await expect(page.getByText("No event matches these filters.")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(timeline.count).toHaveText("17 events");
  const day = "from=2026-02-20T00:00:00Z&to=2026-02-21T00:00:00Z";
  await page.goto(`/devices/${device}/timeline?v=1&${day}`);
  await expect(page.getByText(/^Nothing between/)).toBeVisible();
  await page.getByRole("button", { name: /^Go to 2 Mar/ }).click();
  await expect(timeline.rows.first()).toBeVisible();
});

test("a link restores filter, range, order, selection and tab in a fresh page", async ({
  page,
  context,
  devices,
}) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await timeline.filterBy("Account:*mira*");
  await timeline.facet("Event groups", "Network").click();
  await page.keyboard.press("Escape");
  await timeline.focus(timeline.row("looked up"));
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/sort=time:desc/);
  await timeline.focus(timeline.row("looked up"));
  await page.keyboard.press("Enter");
  await timeline.tab("Original record").click();
  await expect(page).toHaveURL(/p=record/);
  await expect(timeline.content).toContainText("QueryName");

  const fresh = new Timeline(await context.newPage());
  await fresh.page.goto(page.url());
  await expect(fresh.filter).toHaveValue("Account:*mira*");
  await expect(fresh.count).toContainText("3 of 17 shown");
  await expect(fresh.tab("Original record")).toHaveAttribute("aria-selected", "true");
  await expect(fresh.content).toContainText("QueryName");
  await expect(fresh.rows.first()).toContainText("connected to");
});

test("a link that is old or damaged explains itself and shows what it can", async ({
  page,
  devices,
}) => {
  const timeline = new Timeline(page);
  await timeline.open(
    idOf(devices, computers.sample),
    "?v=99&last=yesterday&sort=sideways&flag=purple&p=nowhere&sel=x&zoom=1..2",
  );
  const told = page.getByRole("status").filter({ hasText: "Part of this link could not be read" });
  await expect(told).toContainText("last");
  await expect(told).toContainText("flag");
  await expect(timeline.count).toHaveText("17 events");
  await page.goto(`/devices/${"0".repeat(40)}/timeline`);
  await expect(page.getByText(/could not be read/).first()).toBeVisible();
  await page.goto("/no/such/page");
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeVisible();
  await expect(page.getByRole("main")).not.toBeEmpty();
});

test("a view is kept, brings its filter back, and is removed with a way back", async ({
  page,
  devices,
}) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await timeline.filterBy("FileName:whoami.exe");
  await expect(timeline.count).toContainText("of 17 shown");
  await timeline.tool("Views").click();
  await page.getByRole("menuitem", { name: "Keep this view" }).click();
  const dialog = timeline.dialog("Keep this view");
  await dialog.getByLabel("Name").fill("Who asks who they are");
  await dialog.getByRole("button", { name: "Keep the view" }).click();
  await expect(dialog).toHaveCount(0);
  await timeline.filterBy("");
  await expect(timeline.count).toHaveText("17 events");
  await timeline.tool("Views").click();
  await page.getByRole("menuitem", { name: "Who asks who they are" }).click();
  await expect(timeline.filter).toHaveValue("FileName:whoami.exe");

  await timeline.tool("Views").click();
  await page.getByRole("menuitem", { name: "Remove a view" }).click();
  await page.getByRole("menuitem", { name: "Who asks who they are" }).last().click();
  await expect(said(page, "Removed the view “Who asks who they are”.")).toBeVisible();
  await page.keyboard.press("Escape");
  await timeline.tool("Views").click();
  await expect(page.getByRole("menuitem", { name: "Logons" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Who asks who they are" })).toHaveCount(0);
});
