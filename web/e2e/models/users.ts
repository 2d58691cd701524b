import type { Locator, Page } from "@playwright/test";

/** Settings, users. */
export class Users {
  readonly table: Locator;

  constructor(readonly page: Page) {
    this.table = page.getByRole("table", { name: "Users" });
  }

  async open(): Promise<void> {
    await this.page.goto("/settings/users");
    await this.table.waitFor();
  }

  /** Adds a user and gives the password that the page shows once. */
  async add(name: string, role: string): Promise<string> {
    await this.page.getByRole("button", { name: "Add a user" }).click();
    const form = this.page.getByRole("dialog", { name: "Add a user" });
    await form.getByLabel("Name", { exact: true }).fill(name);
    await form.getByLabel("Role").selectOption(role);
    await form.getByRole("button", { name: "Add the user" }).click();
    const secret = this.page.getByRole("alertdialog", { name: `Password of ${name}` });
    const password = await secret.getByRole("code").innerText();
    await secret.getByRole("button", { name: "I have kept it" }).click();
    return password;
  }
}
