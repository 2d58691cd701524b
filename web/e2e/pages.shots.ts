// A picture of each page, light and dark, in web/screenshots; the timeline's for the documents in docs/pictures.
import { fileURLToPath } from "node:url";
import { computers } from "./fixtures/logs";
import { allDevices, idOf } from "./models/api";
import { Devices } from "./models/devices";
import { newPassword, SignIn } from "./models/signIn";
import { Timeline } from "./models/timeline";
import { Tree } from "./models/tree";
import { start } from "./server";
import { test } from "@playwright/test";

const pictures = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

test("pages, light and dark", async ({ browser }) => {
  test.setTimeout(300_000);
  const served = await start("samples");
  let password = served.password;
  for (const scheme of ["light", "dark"] as const) {
    const context = await browser.newContext({
      baseURL: served.url,
      ignoreHTTPSErrors: true,
      colorScheme: scheme,
      viewport: { width: 1600, height: 1000 },
    });
    const page = await context.newPage();
    const shoot = async (name: string) => {
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `screenshots/${name}-${scheme}.png` });
    };
    await page.goto("/");
    const signIn = new SignIn(page);
    await signIn.button.waitFor();
    await shoot("sign-in");
    await signIn.as("admin", password);
    if (password === served.password) {
      await signIn.chooses(newPassword);
      password = newPassword;
    }
    await signIn.isOver();
    const device = idOf(await allDevices(context.request), computers.sample);
    await new Devices(page).open();
    await shoot("devices");
    await page.goto(`/devices/${device}/overview`);
    await page.getByRole("heading", { name: "Activity" }).waitFor();
    await shoot("device");
    const timeline = new Timeline(page);
    await timeline.open(device);
    await timeline.focus(timeline.row("lsass.exe"));
    await page.keyboard.press("1");
    await page.keyboard.press("Enter");
    await timeline.content.getByText("T1003.001").first().waitFor();
    await page.getByText("Undo").first().waitFor({ state: "detached" });
    await shoot("timeline");
    if (scheme === "light") {
      await page.setViewportSize({ width: 1440, height: 840 });
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${pictures}timeline.png` });
      await page.setViewportSize({ width: 1600, height: 1000 });
    }
    await timeline.focus(timeline.row("lsass.exe"));
    await page.keyboard.press("0");
    const tree = new Tree(page);
    await tree.open(device);
    await shoot("tree");
    for (const [name, path] of [
      ["start", "/"],
      ["import", "/import"],
      ["me", "/settings/me"],
      ["users", "/settings/users"],
      ["roles", "/settings/roles"],
      ["tokens", "/settings/tokens"],
      ["audit", "/settings/audit"],
      ["about", "/settings/about"],
    ] as const) {
      await page.goto(path);
      await shoot(name);
    }
    await context.close();
  }
  await served.stop();
});
