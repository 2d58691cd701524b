import type { Page } from "@playwright/test";
import axe from "axe-core";

export interface Violation {
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
      {
        resultTypes: ["violations"],
        // Forced colours are the system's, and axe takes those of the page for them.
        rules: { "color-contrast": { enabled: !matchMedia("(forced-colors: active)").matches } },
      },
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => ({
        id,
        impact: impact ?? null,
        where: nodes
          .slice(0, 5)
          .map(({ html, failureSummary = "" }) => `${html.slice(0, 200)} ${failureSummary}`),
      }));
  });
}
