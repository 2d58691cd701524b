import type { Locator, Page } from "@playwright/test";

/** The process tree of a device. */
export class Tree {
  readonly grid: Locator;
  readonly search: Locator;
  readonly dock: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole("treegrid", { name: "Processes" });
    this.search = page.getByRole("textbox", { name: "Find a process" });
    this.dock = page.getByRole("complementary", { name: "The selected process" });
  }

  async open(deviceId: string, query = ""): Promise<void> {
    await this.page.goto(`/devices/${deviceId}/tree${query}`);
    await this.rows.first().waitFor();
  }

  get rows(): Locator {
    return this.grid.getByRole("rowgroup").getByRole("row");
  }

  row(name: string): Locator {
    return this.grid.getByRole("row", { name: new RegExp(`^${name}`) });
  }
}
