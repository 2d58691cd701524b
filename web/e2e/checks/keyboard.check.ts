// Without a mouse: from the sign-in to an event's panel and its tree.
import { computers } from "../fixtures/logs";
import { tabTo } from "../models/keyboard";
import { newPassword } from "../models/signIn";
import { Devices } from "../models/devices";
import { Timeline } from "../models/timeline";
import { Tree } from "../models/tree";
import { expect, nobody, test } from "../served";

test.use({ storageState: nobody });

test("keys alone lead from the sign-in to the tree of an event", async ({ page }) => {
  const { keyboard } = page;
  await page.goto("/");
  await expect(page.getByLabel("Name")).toBeFocused();
  await keyboard.type("admin");
  await keyboard.press("Tab");
  await keyboard.type(newPassword);
  await keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeVisible();

  await tabTo(page, page.getByRole("link", { name: "Devices", exact: true }));
  await keyboard.press("Enter");
  const devices = new Devices(page);
  await expect(devices.rows.first()).toBeVisible();
  await tabTo(page, devices.filter);
  await keyboard.type("ws01");
  await keyboard.press("Enter");
  await expect(devices.rows).toHaveCount(1);
  await tabTo(page, devices.grid);
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: computers.sample })).toBeVisible();

  await tabTo(page, page.getByRole("tab", { name: "Overview" }));
  const tab = page.getByRole("tab", { name: "Timeline" });
  for (let step = 0; step < 3; step += 1) {
    if (await tab.evaluate((element) => element === document.activeElement)) break;
    await keyboard.press("ArrowRight");
  }
  await keyboard.press("Enter");
  const timeline = new Timeline(page);
  await expect(timeline.rows.first()).toBeVisible();
  await tabTo(page, timeline.grid);
  await keyboard.press("End");
  await keyboard.press("Enter");
  await expect(timeline.panel).toContainText("whoami.exe");
  await keyboard.press("ArrowUp");
  await keyboard.press("/");
  await expect(timeline.filter).toBeFocused();
  await keyboard.type("FileName:whoami.exe");
  await keyboard.press("Enter");
  await expect(timeline.count).toContainText("of 17 shown");
  await tabTo(page, timeline.grid);
  await keyboard.press("?");
  const help = timeline.dialog("Keys of the timeline");
  await expect(help).toBeVisible();
  await keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await tabTo(page, timeline.grid);
  await tabTo(page, timeline.tab("Summary"));
  await keyboard.press("ArrowRight");
  await keyboard.press("Enter");
  await expect(timeline.tab("Tree")).toHaveAttribute("aria-selected", "true");
  await expect(timeline.content).toContainText("powershell.exe");
  await tabTo(page, timeline.content.getByRole("link", { name: "Full page" }));
  await keyboard.press("Enter");

  const tree = new Tree(page);
  await expect(tree.row("whoami.exe")).toBeVisible();
  await tabTo(page, tree.grid);
  await keyboard.press("Home");
  await keyboard.press("ArrowLeft");
  await expect(tree.rows.first()).toHaveAttribute("aria-expanded", "false");
  await keyboard.press("ArrowRight");
  await expect(tree.rows.first()).toHaveAttribute("aria-expanded", "true");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(tree.dock).toBeVisible();
});
