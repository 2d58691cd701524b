import { defineConfig } from "@playwright/test";
import { chromium } from "./e2e/chromium";

// The server under test is the one that e2e/server.ts starts on a folder of its own.
export default defineConfig({
  testDir: "e2e",
  timeout: 120_000,
  // A busy machine is slow, not wrong.
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    ignoreHTTPSErrors: true,
    viewport: { width: 1600, height: 1000 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: ["--no-sandbox"],
    },
  },
  projects: [
    { name: "checks", testMatch: /.*\.check\.ts/ },
    { name: "budgets", testMatch: /.*\.budgets\.ts/ },
    { name: "screenshots", testMatch: /.*\.shots\.ts/ },
  ],
});
