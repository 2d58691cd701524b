import type { Locator, Page } from "@playwright/test";

/** The timeline of a device. */
export class Timeline {
  readonly toolbar: Locator;
  readonly filter: Locator;
  readonly overview: Locator;
  /** The part of the overview that is shown: brushed by pointer and by keys */
  readonly brush: Locator;
  readonly chips: Locator;
  readonly facets: Locator;
  readonly grid: Locator;
  readonly selection: Locator;
  readonly panel: Locator;

  constructor(readonly page: Page) {
    this.toolbar = page.getByRole("toolbar", { name: "Timeline" });
    this.filter = page.getByRole("combobox", { name: "Filter the timeline" });
    this.overview = page.getByRole("region", { name: "Overview" });
    this.brush = page.getByRole("group", { name: /^Part shown/ });
    this.chips = page.getByRole("group", { name: "Filters in force" });
    this.facets = page.getByRole("complementary", { name: "Facets" });
    this.grid = page.getByRole("grid", { name: "Timeline of the device" });
    this.selection = page.getByRole("toolbar", { name: "Selected events" });
    this.panel = page.getByRole("complementary", { name: "The selected event" });
  }

  /** Opens it and waits for its rows. */
  async open(deviceId: string, query = ""): Promise<void> {
    await this.page.goto(`/devices/${deviceId}/timeline${query}`);
    await this.rows.first().waitFor();
  }

  /** Events, each of which begins with its time */
  get rows(): Locator {
    return this.grid.getByRole("row", { name: /^\d\d:\d\d:\d\d/ });
  }

  row(words: string | RegExp): Locator {
    return this.rows.filter({ hasText: words }).first();
  }

  /** What the chips say of how many events are shown */
  get count(): Locator {
    return this.chips.getByRole("status");
  }

  async filterBy(text: string): Promise<void> {
    await this.filter.fill(text);
    await this.filter.press("Enter");
  }

  facet(group: string, value: string): Locator {
    return this.facets
      .getByRole("group", { name: group })
      .getByRole("button", { name: new RegExp(`^(not )?${value}`) });
  }

  leaveOut(group: string, value: string): Locator {
    return this.facets
      .getByRole("group", { name: group })
      .getByRole("button", { name: `Leave out ${value}` });
  }

  removeChip(words: string): Locator {
    return this.chips.getByRole("button", { name: new RegExp(`^Remove the filter .*${words}`) });
  }

  segment(name: string | RegExp): Locator {
    return this.toolbar.getByRole("group", { name: "Kind of rows" }).getByRole("button", { name });
  }

  tool(name: string): Locator {
    return this.toolbar.getByRole("button", { name, exact: true });
  }

  tab(name: string): Locator {
    return this.panel.getByRole("tab", { name });
  }

  /** What the open tab of the panel shows */
  get content(): Locator {
    return this.panel.getByRole("tabpanel");
  }

  /** The row that has the focus of the grid, by the key that moves it there from the newest end. */
  async focus(row: Locator): Promise<void> {
    await row.getByRole("gridcell").nth(2).click();
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole("dialog", { name });
  }

  toast(words: string | RegExp): Locator {
    return this.page.getByText(words);
  }
}
