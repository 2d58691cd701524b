// The way of a new user: from the one-time password to what a process came from and led to.
import { expect } from "@playwright/test";
import { seriousViolations, signIn } from "./model";
import { test } from "./served";

test("a wrong password is refused in words", async ({ page, served }) => {
  await page.goto(served.url);
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Name or password is not right.")).toBeVisible();
});

test("the device list leads to a device, and back to the same row", async ({ page, served }) => {
  await signIn(page, served, "/devices");
  const grid = page.getByRole("grid", { name: "Devices" });
  const rows = grid.getByRole("row");
  await expect(rows.nth(1)).toBeVisible();
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/sel=[0-9a-f]{40}/);
  await grid.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/devices\/[0-9a-f]{40}\/overview/);
  await expect(page.getByRole("heading", { name: "Device health" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/sel=[0-9a-f]{40}/);
});

test("an event of the timeline opens beside it, and its link brings it back", async ({
  page,
  served,
}) => {
  await signIn(page, served, "/devices");
  await page.getByRole("grid", { name: "Devices" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "Timeline" }).click();
  const grid = page.getByRole("grid");
  await expect(grid.getByRole("row").nth(2)).toBeVisible();
  await grid
    .getByRole("row", { name: /\d\d:\d\d:\d\d/ })
    .last()
    .click();
  await expect(page).toHaveURL(/sel=/);
  await expect(page.getByRole("tab", { name: "All fields" })).toBeVisible();
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.getByRole("tab", { name: "All fields" })).toBeVisible();
});

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious, ${scheme}`, async ({ browser, served }) => {
    test.setTimeout(180_000);
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      colorScheme: scheme,
      viewport: { width: 1600, height: 1000 },
    });
    const page = await context.newPage();
    await signIn(page, served, "/devices");
    await expect(page.getByRole("grid", { name: "Devices" })).toBeVisible();
    const found: Record<string, unknown> = {};
    const look = async (name: string) => {
      const violations = await seriousViolations(page);
      if (violations.length > 0) found[name] = violations;
    };
    await look("devices");
    await page.getByRole("grid", { name: "Devices" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
    await look("device");
    await page.getByRole("tab", { name: "Timeline" }).click();
    await expect(page.getByRole("grid").getByRole("row").nth(2)).toBeVisible();
    await look("timeline");
    for (const path of ["/", "/import", "/settings/me", "/settings/users", "/settings/tokens"]) {
      await page.goto(served.url + path);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      await look(path);
    }
    expect(found).toEqual({});
    await context.close();
  });
}
