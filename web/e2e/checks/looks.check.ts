// Every page in light, dark and forced colours for axe, and at three widths for its layout.
import type { Locator, Page } from "@playwright/test";
import { computers } from "../fixtures/logs";
import { idOf } from "../models/api";
import { seriousViolations } from "../models/axe";
import { Devices } from "../models/devices";
import { expectOrderly } from "../models/layout";
import { Timeline } from "../models/timeline";
import { Tree } from "../models/tree";
import { expect, nobody, test } from "../served";

interface PageOf {
  name: string;
  /** Opens it; the regions that lie side by side on it */
  open: (page: Page, devices: ReadonlyMap<string, string>) => Promise<Record<string, Locator>>;
}

const plain = (name: string, path: string): PageOf => ({
  name,
  open: async (page) => {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    return shell(page);
  },
});

function shell(page: Page): Record<string, Locator> {
  return {
    rail: page.getByRole("navigation", { name: "Areas" }),
    bar: page.getByRole("banner"),
  };
}

const pages: readonly PageOf[] = [
  plain("start", "/"),
  {
    name: "devices",
    open: async (page) => {
      const devices = new Devices(page);
      await devices.open();
      await devices.grid.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("o");
      await page.waitForLoadState("networkidle");
      return {
        ...shell(page),
        counters: devices.counters,
        filter: devices.filter,
        grid: devices.grid,
        look: page.getByRole("complementary"),
      };
    },
  },
  {
    name: "device",
    open: async (page, devices) => {
      await page.goto(`/devices/${idOf(devices, computers.sample)}/overview`);
      await page.getByRole("heading", { name: "Activity" }).waitFor();
      await page.waitForLoadState("networkidle");
      return shell(page);
    },
  },
  {
    name: "timeline",
    open: async (page, devices) => {
      const timeline = new Timeline(page);
      await timeline.open(idOf(devices, computers.sample));
      await timeline.row("lsass.exe").click();
      await timeline.content.getByText("T1003.001").first().waitFor();
      await page.waitForLoadState("networkidle");
      return {
        ...shell(page),
        toolbar: timeline.toolbar,
        overview: timeline.overview,
        chips: timeline.chips,
        grid: timeline.grid,
        panel: timeline.panel,
      };
    },
  },
  {
    name: "tree",
    open: async (page, devices) => {
      const tree = new Tree(page);
      await tree.open(idOf(devices, computers.sample));
      await tree.row("powershell.exe").click();
      await tree.dock.getByRole("heading", { name: "powershell.exe" }).waitFor();
      await page.waitForLoadState("networkidle");
      return { ...shell(page), search: tree.search, grid: tree.grid, dock: tree.dock };
    },
  },
  plain("sources", "/sources"),
  plain("import", "/import"),
  plain("settings, you", "/settings/me"),
  plain("settings, sessions", "/settings/sessions"),
  plain("settings, tokens", "/settings/tokens"),
  plain("settings, users", "/settings/users"),
  plain("settings, roles", "/settings/roles"),
  plain("settings, server", "/settings/retention"),
  plain("settings, audit", "/settings/audit"),
  plain("about", "/settings/about"),
];

for (const look of ["light", "dark", "forced"] as const) {
  test(`axe finds nothing serious on any page, ${look} colours`, async ({ page, devices }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width: 1600, height: 1000 });
    await page.emulateMedia(
      look === "forced" ? { forcedColors: "active" } : { colorScheme: look, forcedColors: "none" },
    );
    for (const each of pages) {
      await each.open(page, devices);
      expect.soft(await seriousViolations(page), each.name).toEqual([]);
    }
  });
}

test("axe finds nothing serious on the sign-in page", async ({ browser, served }) => {
  const context = await browser.newContext({
    baseURL: served.url,
    ignoreHTTPSErrors: true,
    storageState: nobody,
  });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await context.close();
});

for (const [width, height] of [
  [1280, 800],
  [1600, 1000],
  [3840, 2160],
] as const) {
  test(`no page scrolls sideways or lies over itself at ${String(width)} pixels`, async ({
    page,
    devices,
  }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height });
    for (const each of pages) {
      await test.step(each.name, async () => {
        await expectOrderly(page, await each.open(page, devices));
      });
    }
  });
}
