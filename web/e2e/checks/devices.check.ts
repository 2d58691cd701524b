// The list of devices: search, filter, counters, the way to a device and back.
import { computers } from "../fixtures/logs";
import { Devices } from "../models/devices";
import { expect, test } from "../served";

test("a device is found by a word and by a field, and a wrong field is told", async ({ page }) => {
  const devices = new Devices(page);
  await devices.open();
  await devices.filterBy("srv01");
  await expect(devices.rows).toHaveCount(1);
  await expect(devices.row(computers.server)).toBeVisible();
  await devices.filterBy("DeviceName:ws01*");
  await expect(devices.row(computers.sample)).toBeVisible();
  await expect(devices.row(computers.server)).toHaveCount(0);
  await expect(page).toHaveURL(/q=DeviceName/);
  await devices.filterBy("DevceName:ws01");
  await expect(page.getByRole("alert").filter({ hasText: "DeviceName" }).first()).toBeVisible();
  await page.goBack();
  await expect(devices.row(computers.sample)).toBeVisible();
  await expect(devices.filter).toHaveValue("DeviceName:ws01*");
});

test("nothing found says so and offers the way out", async ({ page }) => {
  const devices = new Devices(page);
  await devices.open();
  await devices.filterBy("no-such-device");
  await expect(page.getByText("No device matches these filters.")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filter" }).last().click();
  await expect(devices.row(computers.sample)).toBeVisible();
});

test("the list leads to a device, and back to the same row", async ({ page }) => {
  const devices = new Devices(page);
  await devices.open();
  await devices.grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/sel=[0-9a-f]{40}/);
  await devices.grid.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/devices\/[0-9a-f]{40}\/overview/);
  await expect(page.getByRole("heading", { name: "Device health" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/sel=[0-9a-f]{40}/);
});
