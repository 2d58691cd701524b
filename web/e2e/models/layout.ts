import { expect, type Locator, type Page } from "@playwright/test";

/** Boxes may share a border of so many pixels. */
const slack = 1;

/** Regions lie within the window, none over another, and the page does not scroll sideways. */
export async function expectOrderly(
  page: Page,
  regions: Readonly<Record<string, Locator>>,
): Promise<void> {
  const window = page.viewportSize() ?? { width: 0, height: 0 };
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, "width of the page").toBeLessThanOrEqual(window.width);
  const boxes: { name: string; left: number; top: number; right: number; bottom: number }[] = [];
  for (const [name, region] of Object.entries(regions)) {
    const box = await region.boundingBox();
    expect(box, `${name} is shown`).not.toBeNull();
    if (!box) continue;
    const { x: left, y: top } = box;
    const next = { name, left, top, right: left + box.width, bottom: top + box.height };
    expect.soft(next.right, `right edge of ${name}`).toBeLessThanOrEqual(window.width + slack);
    expect.soft(next.bottom, `lower edge of ${name}`).toBeLessThanOrEqual(window.height + slack);
    for (const other of boxes) {
      const apart =
        next.left >= other.right - slack ||
        other.left >= next.right - slack ||
        next.top >= other.bottom - slack ||
        other.top >= next.bottom - slack;
      expect.soft(apart, `${name} beside ${other.name}`).toBe(true);
    }
    boxes.push(next);
  }
}
