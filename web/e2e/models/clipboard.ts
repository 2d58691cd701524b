import type { BrowserContext } from "@playwright/test";

/** What was copied, read by an empty page of the same origin: the pages themselves may not read it. */
export async function copied(context: BrowserContext, origin: string): Promise<string> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const page = await context.newPage();
  const address = `${origin}/empty`;
  await page.route(address, (route) => route.fulfill({ contentType: "text/html", body: "" }));
  await page.goto(address);
  await page.bringToFront();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.close();
  return text;
}
