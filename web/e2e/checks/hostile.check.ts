// Texts that lie, on every page that shows them: nothing runs, nothing hides, nothing breaks the layout.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { hostileTexts } from "../fixtures/hostile";
import { computers } from "../fixtures/logs";
import { idOf } from "../models/api";
import { Devices } from "../models/devices";
import { expectOrderly } from "../models/layout";
import { Timeline } from "../models/timeline";
import { Tree } from "../models/tree";
import { expect, test } from "../served";

/** Characters that turn the reading, hide, or act: on a page they may stand only as ⟨names⟩. */
const acting =
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\u{e0000}-\\u{e007f}]";

/** Places where such a character is on the page as it is: in texts, tips and names. */
function actingTexts(page: Page): Promise<string[]> {
  return page.evaluate((pattern) => {
    const found: string[] = [];
    const bad = new RegExp(pattern, "u");
    const look = (where: string, text: string | null) => {
      if (text !== null && bad.test(text))
        found.push(`${where}: ${JSON.stringify(text).slice(0, 120)}`);
    };
    look("title of the page", document.title);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Text) look(node.parentElement?.tagName ?? "text", node.data);
      else if (node instanceof Element) {
        for (const name of ["title", "aria-label", "placeholder", "alt"]) {
          look(`${node.tagName} ${name}`, node.getAttribute(name));
        }
      }
    }
    return found.slice(0, 5);
  }, acting);
}

/** Listens for what must never happen. */
async function watch(page: Page): Promise<string[]> {
  const happened: string[] = [];
  page.on("dialog", (dialog) => {
    happened.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => {
    happened.push(`error: ${error.message}`);
  });
  page.on("popup", () => {
    happened.push("popup");
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      (window as unknown as { violations?: string[] }).violations ??= [];
      (window as unknown as { violations: string[] }).violations.push(event.violatedDirective);
    });
  });
  return happened;
}

async function expectUntouched(page: Page, happened: readonly string[]): Promise<void> {
  const { wasRun, violations } = await page
    .evaluate(() => window as unknown as { wasRun?: number; violations?: string[] })
    .then(({ wasRun, violations }) => ({ wasRun, violations }));
  expect.soft(wasRun, "a text was run").toBeUndefined();
  expect.soft(violations, "the page's policy had to step in").toBeUndefined();
  expect.soft(happened).toEqual([]);
  expect.soft(await actingTexts(page)).toEqual([]);
}

test("hostile texts stay texts in the list, timeline, panel and tree", async ({
  page,
  devices,
}) => {
  test.setTimeout(300_000);
  const happened = await watch(page);
  const device = idOf(devices, computers.hostile);
  const list = new Devices(page);
  await list.open();
  await expect(list.row(computers.hostile)).toBeVisible();
  await expectUntouched(page, happened);

  const timeline = new Timeline(page);
  await timeline.open(device);
  await expect(timeline.row("⟨RLO⟩")).toHaveCount(0);
  await page.keyboard.press("Control+Home");
  await timeline.filterBy("ActionType:FileCreated");
  await expect(timeline.count).toContainText(`${String(hostileTexts.length)} of`);
  const heights = await timeline.rows.evaluateAll((rows) => [
    ...new Set(rows.map((row) => Math.round(row.getBoundingClientRect().height))),
  ]);
  expect(heights, "rows of one height").toHaveLength(1);
  for (const words of ["⟨RLO⟩", "⟨ESC⟩", "⟨ZWSP⟩", "⟨34 spaces⟩", "Looks like"]) {
    await expect.soft(timeline.row(words), words).toBeVisible();
  }
  await expectUntouched(page, happened);
  await expectOrderly(page, {
    toolbar: timeline.toolbar,
    overview: timeline.overview,
    chips: timeline.chips,
    grid: timeline.grid,
  });

  for (const words of ["invoice", "long-xx", "<img", "=HYPERLINK", "first line"]) {
    await timeline.focus(timeline.row(words));
    await page.keyboard.press("Enter");
    for (const tab of ["Summary", "Tree", "All fields", "Original record"]) {
      await timeline.tab(tab).click();
      await expect(timeline.content).not.toBeEmpty();
      await page.waitForLoadState("networkidle");
      await expectUntouched(page, happened);
      const wide = await timeline.content.evaluate(
        (element) => element.scrollWidth - element.clientWidth,
      );
      expect.soft(wide, `${words}: ${tab} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await page.keyboard.press("Escape");
  }

  const tree = new Tree(page);
  await tree.open(device);
  await expect(tree.rows.nth(3)).toBeVisible();
  await expectUntouched(page, happened);
  await tree.search.fill("invoice");
  await tree.search.press("Enter");
  await expect(tree.dock).toContainText("⟨RLO⟩");
  await page.waitForLoadState("networkidle");
  await expectUntouched(page, happened);
  await expectOrderly(page, { search: tree.search, grid: tree.grid, dock: tree.dock });
});

test("the direction of a text ends with it", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.hostile));
  await timeline.filterBy("ActionType:FileCreated");
  const row = timeline.row("⟨RLO⟩");
  await expect(row).toBeVisible();
  const values = await row.evaluate((element) =>
    [...element.querySelectorAll("bdi")].map((value) => ({
      dir: value.dir,
      isolated: getComputedStyle(value).unicodeBidi,
    })),
  );
  expect(values.length).toBeGreaterThan(0);
  expect(values.every(({ dir, isolated }) => dir === "ltr" && isolated === "isolate")).toBe(true);
});

test("an export of hostile texts holds no formula", async ({ page, devices }) => {
  const timeline = new Timeline(page);
  await timeline.open(idOf(devices, computers.hostile));
  await timeline.tool("Export").click();
  const dialog = timeline.dialog(/^Export/);
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const text = await readFile(await (await download).path(), "utf8");
  const cells = cellsOf(text.replace(/^\uFEFF/, ""));
  expect(cells.length).toBeGreaterThan(hostileTexts.length * 4);
  expect(cells.filter((cell) => /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(cell))).toEqual([]);
});

/** The cells of a CSV file, quotes taken away. */
function cellsOf(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|([^",\r\n]+)/g)].map(
    ([, quoted, bare]) => quoted?.replace(/""/g, '"') ?? bare ?? "",
  );
}
