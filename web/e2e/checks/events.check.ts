// What is done with events: flags and notes, the panel, copies, comparison, the tree and back, the file.
import { readFile } from "node:fs/promises";
import { computers } from "../fixtures/logs";
import { idOf } from "../models/api";
import { copied } from "../models/clipboard";
import { Timeline } from "../models/timeline";
import { said } from "../models/toasts";
import { Tree } from "../models/tree";
import { expect, test } from "../served";

test("an event is flagged with a colour and a note, seen among the flagged, and undone", async ({
  page,
  devices,
}) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  const row = timeline.row("loaded skyupd.dll");
  await timeline.focus(row);
  await page.keyboard.press("2");
  await expect(said(page, "Flagged yellow.")).toBeVisible();
  await expect(
    timeline.grid.getByRole("row", { name: /loaded skyupd.dll.*flagged yellow/ }),
  ).toBeVisible();

  await timeline.focus(row);
  await page.keyboard.press("Shift+F");
  const note = timeline.dialog("Note on an event");
  await note.getByLabel("Note").fill("the library behind it");
  await page.keyboard.press("Control+Enter");
  await expect(said(page, "Saved the note.")).toBeVisible();

  await timeline.segment(/^Flagged/).click();
  await expect(timeline.rows).toHaveCount(1);
  await timeline.focus(timeline.rows.first());
  await page.keyboard.press("Enter");
  await expect(timeline.content).toContainText("the library behind it");
  await timeline.segment("All").click();
  await expect(timeline.count).toHaveText("17 events");

  // The newest act first: the note, then the flag.
  await timeline.focus(row);
  await page.keyboard.press("Control+z");
  await expect(timeline.grid.getByRole("row", { name: /has a note/ })).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(timeline.grid.getByRole("row", { name: /flagged/ })).toHaveCount(0);
  await page.reload();
  await expect(timeline.rows.first()).toBeVisible();
  await expect(timeline.grid.getByRole("row", { name: /flagged|has a note/ })).toHaveCount(0);
});

test("the panel tells an event by summary, tree, fields and record", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await timeline.row("set SkylineUpdate").click();
  await expect(timeline.panel).toContainText("2 Mar 2026 09:00:33");
  await expect(timeline.content).toContainText("skyupd.dll");
  await timeline.tab("Tree").click();
  const processes = timeline.content.getByRole("list", { name: "Processes around this event" });
  await expect(processes).toContainText("powershell.exe");
  await timeline.tab("All fields").click();
  await timeline.content.getByRole("searchbox", { name: "Find a field" }).fill("RegistryValueName");
  await expect(timeline.content).toContainText("SkylineUpdate");
  await timeline.tab("Original record").click();
  await expect(timeline.content).toContainText("TargetObject");
  await expect(timeline.content).toContainText("WS01-Sysmon.evtx");
  // The arrows move what the panel shows without taking the focus from the rows.
  await timeline.focus(timeline.row("set SkylineUpdate"));
  await page.keyboard.press("ArrowUp");
  await expect(timeline.content).toContainText("ImageLoaded");
  await expect(timeline.grid).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(timeline.panel).toHaveCount(0);
});

test("cells, rows and tables are copied", async ({ page, context, served, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await timeline.focus(timeline.row("looked up"));
  await page.keyboard.press("Shift+C");
  await expect(said(page, "Copied the row.")).toBeVisible();
  expect(await copied(context, served.url)).toBe(
    `2026-03-02T09:00:16.3000000Z  ${computers.sample}  powershell.exe looked up cdn-metrics-sync.example → ::ffff:203.0.113.57;`,
  );
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(timeline.selection.getByRole("status")).toHaveText("2 selected");
  await timeline.selection.getByRole("button", { name: "Copy" }).click();
  await expect(said(page, "Copied 2 rows.")).toBeVisible();
  const lines = (await copied(context, served.url)).split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain("\t");
});

test("two events are compared field by field", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  for (const words of ["started whoami.exe", "started rundll32.exe"]) {
    await timeline.focus(timeline.row(words));
    await page.keyboard.press("Space");
  }
  await timeline.selection.getByRole("button", { name: "Compare" }).click();
  const dialog = timeline.dialog("Two events compared");
  const command = dialog.getByRole("row", { name: /^ProcessCommandLine/ });
  await expect(command).toContainText("/groups");
  await expect(command).toContainText("skyupd.dll,Start");
  await expect(dialog.getByRole("row", { name: /^InitiatingProcessFileName/ })).toHaveCount(0);
  await dialog.getByRole("switch", { name: /equal fields/ }).click();
  await expect(
    dialog.getByRole("row", { name: /^InitiatingProcessFileName/ }).first(),
  ).toContainText("powershell.exe");
  await expect(page).toHaveURL(/cmp=/);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page).not.toHaveURL(/cmp=/);
});

test("an event leads to its process in the tree, and a process back to its trail", async ({
  page,
  devices,
}) => {
  const device = idOf(devices, computers.sample);
  const timeline = new Timeline(page);
  await timeline.open(device);
  await timeline.focus(timeline.row("set SkylineUpdate"));
  await page.keyboard.press("p");
  const tree = new Tree(page);
  await expect(tree.row("rundll32.exe")).toBeVisible();
  await expect(tree.row("WINWORD.EXE")).toBeVisible();
  await tree.search.fill("winword");
  await tree.search.press("Enter");
  await expect(tree.dock.getByRole("heading", { name: "WINWORD.EXE" })).toBeVisible();
  await tree.row("powershell.exe").click();
  await expect(tree.dock.getByRole("heading", { name: "powershell.exe" })).toBeVisible();
  await expect(tree.dock.getByRole("region", { name: "Network" })).toContainText("203.0.113.57");
  await tree.dock.getByRole("button", { name: "Timeline with this trail" }).click();
  await expect(timeline.filter).toHaveValue(/^trail:\d+$/);
  await expect(timeline.row("set SkylineUpdate")).toBeVisible();
  await page.goBack();
  await expect(tree.row("powershell.exe")).toBeVisible();
});

test("the view is exported as it is shown", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.sample));
  await timeline.facet("Event groups", "Network").click();
  await expect(timeline.rows).toHaveCount(3);
  await timeline.tool("Export").click();
  const dialog = timeline.dialog(/^Export/);
  await expect(dialog).toContainText("Network");
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
  const text = await readFile(await file.path(), "utf8");
  const [header = "", ...rows] = text
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/);
  expect(header.split(",")).toEqual(
    expect.arrayContaining(["Timestamp", "ActionType", "Title", "Detail"]),
  );
  expect(rows.filter((row) => /DnsQueryResponse|ConnectionSuccess/.test(row))).toHaveLength(3);
  await expect(dialog.getByRole("status")).toContainText("The file is saved.");
});
