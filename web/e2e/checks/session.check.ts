// Who one is and what one may do: signing in, two people with different rights.
import { idOf, statusOf } from "../models/api";
import { Devices } from "../models/devices";
import { SignIn } from "../models/signIn";
import { Timeline } from "../models/timeline";
import { Users } from "../models/users";
import { computers } from "../fixtures/logs";
import { expect, nobody, test } from "../served";

test.describe("somebody who is not signed in", () => {
  test.use({ storageState: nobody });

  test("is refused in words with a wrong password", async ({ page }) => {
    await page.goto("/");
    await new SignIn(page).as("admin", "not the password");
    await expect(page.getByText("Name or password is not right.")).toBeVisible();
  });
});

test("a reader is made, chooses a password, and may look but not change", async ({
  page,
  browser,
  devices,
  served,
}) => {
  const users = new Users(page);
  await users.open();
  const given = await users.add("rita", "reader");
  await expect(
    users.table.getByRole("row", { name: /rita.*reader.*New password due/ }),
  ).toBeVisible();

  const context = await browser.newContext({
    baseURL: served.url,
    ignoreHTTPSErrors: true,
    storageState: nobody,
  });
  const hers = await context.newPage();
  await hers.goto("/devices");
  const signIn = new SignIn(hers);
  await signIn.as("rita", given);
  await signIn.newPassword.fill("too short");
  await expect(hers.getByRole("button", { name: "Set the password" })).toBeDisabled();
  await signIn.chooses("a password of hers alone");

  const list = new Devices(hers);
  await expect(list.row(computers.sample)).toBeVisible();
  await expect(hers.getByRole("button", { name: "Add devices" })).toBeDisabled();

  const device = idOf(devices, computers.sample);
  const timeline = new Timeline(hers);
  await timeline.open(device);
  await expect(timeline.tool("Export")).toBeDisabled();
  await expect(timeline.tool("Export")).toHaveAttribute("title", /role may not/);
  await timeline.focus(timeline.row("lsass.exe"));
  await hers.keyboard.press("Enter");
  await expect(timeline.panel.getByRole("button", { name: "Flag" })).toBeDisabled();
  await expect(timeline.panel.getByRole("button", { name: "Note" })).toBeDisabled();

  await hers.goto("/import");
  await expect(hers.getByText(/Importing needs the permission import.run/)).toBeVisible();
  await expect(hers.getByRole("button", { name: "Choose files" })).toHaveCount(0);
  await hers.goto("/settings/me");
  const settings = hers.getByRole("navigation", { name: "Settings" });
  await expect(settings.getByRole("link", { name: "Roles" })).toBeVisible();
  await expect(settings.getByRole("link", { name: "Users" })).toHaveCount(0);

  // The server does not rely on what the pages leave out.
  const event = /sel=[^~]+~(\d+)/.exec(await selectionOf(timeline, device))?.[1] ?? "";
  expect(event).not.toBe("");
  const flag = `/api/devices/${device}/events/${event}/flag`;
  expect(await statusOf(hers, "PUT", flag, { colour: "red" })).toBe(403);
  expect(await statusOf(hers, "POST", "/api/imports", { uploads: ["0".repeat(32)] })).toBe(403);
  expect(await statusOf(hers, "POST", "/api/exports", { device_id: device, format: "csv" })).toBe(
    403,
  );
  expect((await hers.request.get("/api/users")).status()).toBe(403);
  await context.close();
});

/** Address of a timeline with an event selected. */
async function selectionOf(timeline: Timeline, device: string): Promise<string> {
  await timeline.open(device);
  await timeline.focus(timeline.row("lsass.exe"));
  await timeline.page.keyboard.press("Enter");
  await expect(timeline.panel).toBeVisible();
  return timeline.page.url();
}
