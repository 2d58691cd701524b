// A picture of each page, light and dark, in web/screenshots.
import { expect } from "@playwright/test";
import { signIn } from "./model";
import { test } from "./served";

for (const scheme of ["light", "dark"] as const) {
  test(`pages, ${scheme}`, async ({ browser, served }) => {
    test.setTimeout(180_000);
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      colorScheme: scheme,
      viewport: { width: 1600, height: 1000 },
    });
    const page = await context.newPage();
    const shoot = async (name: string) => {
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `screenshots/${name}-${scheme}.png` });
    };
    await page.goto(served.url);
    await shoot("sign-in");
    await signIn(page, served, "/devices");
    await shoot("devices");
    await page.getByRole("grid", { name: "Devices" }).focus();
    // The workstation, which has most of the sample.
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
    await shoot("device");
    await page.getByRole("tab", { name: "Timeline" }).click();
    const rows = page.getByRole("grid").getByRole("row", { name: /\d\d:\d\d:\d\d/ });
    await rows.last().click();
    await expect(page.getByRole("tab", { name: "All fields" })).toBeVisible();
    await shoot("timeline");
    await page.goto(page.url().replace(/\/timeline.*/, "/tree"));
    await expect(page.getByRole("treegrid").getByRole("row").nth(2)).toBeVisible();
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
      await page.goto(served.url + path);
      await shoot(name);
    }
    await context.close();
  });
}
