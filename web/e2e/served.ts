// Tests on a server with the sample logs, where `admin` has a password of its own.
import { test as base } from "@playwright/test";
import { firstSignIn } from "./model";
import { start, type Served } from "./server";

export const test = base.extend<object, { served: Served }>({
  served: [
    async ({ browser }, use) => {
      const served = await start();
      const page = await browser.newPage({ ignoreHTTPSErrors: true });
      await firstSignIn(page, served);
      await page.close();
      await use(served);
      served.stop();
    },
    { scope: "worker" },
  ],
});
