import type { Locator, Page } from "@playwright/test";

/** What was said of an act; screen readers are told the same from another place. */
export function said(page: Page, words: string): Locator {
  return page.getByText(words, { exact: true }).last();
}
