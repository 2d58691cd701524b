// What the checks stand on: one server a worker with logs in it, where `admin` is signed in already.
import { test as base, type BrowserContextOptions } from "@playwright/test";
import { allDevices } from "./models/api";
import { newPassword, SignIn } from "./models/signIn";
import { start, type Served } from "./server";

type Session = Exclude<BrowserContextOptions["storageState"], string | undefined>;

interface SignedIn extends Served {
  session: Session;
}

interface OfWorker {
  served: SignedIn;
  /** Ids by name */
  devices: ReadonlyMap<string, string>;
}

/** Of a browser that nobody has signed in with. */
export const nobody: Session = { cookies: [], origins: [] };

export const test = base.extend<object, OfWorker>({
  served: [
    async ({ browser }, hand) => {
      const served = await start("all");
      const context = await browser.newContext({
        baseURL: served.url,
        ignoreHTTPSErrors: true,
        storageState: nobody,
      });
      const signIn = new SignIn(await context.newPage());
      await signIn.page.goto("/");
      await signIn.as("admin", served.password);
      await signIn.chooses(newPassword);
      const session = await context.storageState();
      await context.close();
      await hand({ ...served, session });
      await served.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  devices: [
    async ({ playwright, served }, hand) => {
      const request = await playwright.request.newContext({
        baseURL: served.url,
        ignoreHTTPSErrors: true,
        storageState: served.session,
      });
      const found = await allDevices(request);
      await request.dispose();
      await hand(found);
    },
    { scope: "worker", timeout: 60_000 },
  ],
  baseURL: async ({ served }, hand) => {
    await hand(served.url);
  },
  storageState: async ({ served }, hand) => {
    await hand(served.session);
  },
});

export { expect } from "@playwright/test";
