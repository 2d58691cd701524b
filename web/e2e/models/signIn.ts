import { expect, type Locator, type Page } from "@playwright/test";

export const newPassword = "a password for the pages";

/** The page of who is not signed in. */
export class SignIn {
  readonly name: Locator;
  readonly password: Locator;
  readonly button: Locator;
  readonly newPassword: Locator;

  constructor(readonly page: Page) {
    this.name = page.getByLabel("Name");
    this.password = page.getByLabel("Password", { exact: true });
    this.button = page.getByRole("button", { name: "Sign in" });
    this.newPassword = page.getByLabel("New password");
  }

  async as(name: string, password: string): Promise<void> {
    await this.name.fill(name);
    await this.password.fill(password);
    await this.button.click();
  }

  /** A password of the person's own, after the one-time password. */
  async chooses(password: string): Promise<void> {
    await this.newPassword.fill(password);
    await this.page.getByRole("button", { name: "Set the password" }).click();
    await this.isOver();
  }

  async isOver(): Promise<void> {
    await expect(this.page.getByRole("navigation", { name: "Areas" })).toBeVisible();
  }
}
