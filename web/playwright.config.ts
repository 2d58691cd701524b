import { defineConfig } from "@playwright/test";

// The server under test: SPOOR_URL, or the one that e2e/server.ts starts on a folder of its own.
export default defineConfig({
  testDir: "e2e",
  timeout: 60_000,
  workers: 1,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    ignoreHTTPSErrors: true,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    },
  },
  projects: [
    { name: "checks", testMatch: /.*\.check\.ts/ },
    { name: "screenshots", testMatch: /.*\.shots\.ts/ },
  ],
});
