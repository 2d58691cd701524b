import { basename } from "node:path";
import type { Locator, Page } from "@playwright/test";

/** Where evidence comes in, and the page of one import. */
export class Imports {
  readonly grid: Locator;
  readonly chooseFiles: Locator;
  readonly remove: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole("grid", { name: "Imports, newest first" });
    this.chooseFiles = page.getByRole("button", { name: "Choose files" });
    this.remove = page.getByRole("button", { name: "Remove this import" });
  }

  async open(): Promise<void> {
    await this.page.goto("/import");
    await this.chooseFiles.waitFor();
  }

  async choose(file: string): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.chooseFiles.click();
    await (await chooser).setFiles(file);
  }

  /** Drags a file from the desktop onto the page, as the browser's own input tells it. */
  async drop(file: string): Promise<void> {
    const box = await this.page.getByRole("main").boundingBox();
    const client = await this.page.context().newCDPSession(this.page);
    const at = { x: (box?.x ?? 0) + 300, y: (box?.y ?? 0) + 300 };
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await client.send("Input.dispatchDragEvent", { type, ...at, data });
      if (type === "dragOver") await this.page.getByText("Let go to upload").waitFor();
    }
    await client.detach();
  }

  upload(file: string): Locator {
    return this.page.getByRole("region", { name: `Upload of ${basename(file)}` });
  }

  progress(file: string): Locator {
    return this.page.getByRole("progressbar", { name: `Import of ${basename(file)}` });
  }
}
