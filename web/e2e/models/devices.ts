import type { Locator, Page } from "@playwright/test";

/** The list of devices, and the head of a device's pages. */
export class Devices {
  readonly grid: Locator;
  readonly filter: Locator;
  readonly counters: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole("grid", { name: "Devices" });
    this.filter = page.getByRole("combobox", { name: "Filter devices" });
    this.counters = page.getByRole("list", { name: "Counts of devices" });
  }

  async open(query = ""): Promise<void> {
    await this.page.goto(`/devices${query}`);
    await this.rows.first().waitFor();
  }

  /** Without the header */
  get rows(): Locator {
    return this.grid.getByRole("rowgroup").getByRole("row");
  }

  row(name: string): Locator {
    return this.grid.getByRole("row", { name: new RegExp(`^${name}`) });
  }

  async filterBy(text: string): Promise<void> {
    await this.filter.fill(text);
    await this.filter.press("Enter");
  }
}
