// What a person does on the pages, by role and name.
import { expect, type Page } from "@playwright/test";
import axe from "axe-core";
import type { Served } from "./server";

export const newPassword = "a password for the pages";

/** The first sign-in: the one-time password, then one of the person's own. */
export async function firstSignIn(page: Page, served: Served): Promise<void> {
  await page.goto(served.url);
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(served.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeVisible();
}

export async function signIn(page: Page, served: Served, at = "/"): Promise<void> {
  await page.goto(served.url + at);
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password", { exact: true }).fill(newPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeVisible();
}

interface Violation {
  id: string;
  impact: string | null;
  where: string[];
}

/** What axe finds serious or critical on the page as it is now. */
export async function seriousViolations(page: Page): Promise<Violation[]> {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(
      // Fluent's focus guards: they hand the focus on as soon as they get it.
      { exclude: ["[data-tabster-dummy]"] },
      { resultTypes: ["violations"] },
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => ({
        id,
        impact: impact ?? null,
        where: nodes.slice(0, 5).map(({ html }) => html.slice(0, 200)),
      }));
  });
}
