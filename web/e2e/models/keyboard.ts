import { expect, type Locator, type Page } from "@playwright/test";

/** Most stops between two places that a person would put up with */
const mostStops = 80;

/** Presses Tab until a part has the focus; fails where it never gets it. */
export async function tabTo(page: Page, part: Locator): Promise<void> {
  for (let stop = 0; stop < mostStops; stop += 1) {
    if (await part.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(part, `reached by Tab within ${String(mostStops)} stops`).toBeFocused();
}
