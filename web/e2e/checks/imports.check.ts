// Evidence comes in by choosing and by dragging, and goes again.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { computers, droppedLog } from "../fixtures/logs";
import { Devices } from "../models/devices";
import { Imports } from "../models/imports";
import { said } from "../models/toasts";
import { expect, test } from "../served";

test("a chosen log that is here already is stored once", async ({ page, served }) => {
  const imports = new Imports(page);
  await imports.open();
  await imports.choose(join(served.logs, "WS01-Sysmon.evtx"));
  await expect(page).toHaveURL(/\/import\/[0-9a-f]+/);
  await expect(page.getByText("Already imported.")).toBeVisible();
  await expect(page.getByText(/All 11 records were here before/)).toBeVisible();
});

test("a dropped log is watched, opened as a device, and removed by its name", async ({
  page,
  served,
}) => {
  const file = join(served.folder, "dropped.ndjson");
  writeFileSync(file, droppedLog());
  const imports = new Imports(page);
  await imports.open();

  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/uploads/**", async (route) => {
    await held;
    await route.continue();
  });
  await imports.drop(file);
  const upload = imports.upload(file);
  await expect(upload.getByText("1 file", { exact: true })).toBeVisible();
  await expect(upload.getByText(/the tab must stay open/)).toBeVisible();
  release();

  await expect(page).toHaveURL(/\/import\/[0-9a-f]+/);
  await expect(imports.progress(file)).toHaveAttribute("aria-valuenow", "100");
  await expect(page.getByText("12 records of 1 device")).toBeVisible();
  const job = page.url();
  await page.getByRole("link", { name: `Open ${computers.dropped}` }).click();
  await expect(page.getByRole("heading", { level: 1, name: computers.dropped })).toBeVisible();

  await page.goto(job);
  await imports.remove.click();
  const asks = page.getByRole("alertdialog", { name: "Remove this import" });
  const act = asks.getByRole("button", { name: "Remove 12 records" });
  await expect(act).toBeDisabled();
  await asks.getByLabel("Name").fill("dropped.ndjson");
  await act.click();
  await expect(said(page, "Removed 12 records of this import.")).toBeVisible();
  await expect(page.getByText(/What this import stored is gone/)).toBeVisible();
  const devices = new Devices(page);
  await devices.open();
  await expect(devices.row(computers.sample)).toBeVisible();
});
