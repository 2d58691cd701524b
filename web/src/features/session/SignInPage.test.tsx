import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { stubServer } from "@/lib/stubServer";
import { SignInPage } from "./SignInPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const welcome = (first: boolean) => ({
  version: "0.1.0",
  is_first_run: first,
  certificate_fingerprint: "46:6F:C8",
});

test("at the first run it says which name and password, and what certificate to compare", async () => {
  stubServer({ "GET /api/welcome": welcome(true) });
  const { container } = renderPart(<SignInPage />);
  expect(await screen.findByText(/one-time password that it printed/)).toBeTruthy();
  expect(screen.getByText("46:6F:C8")).toBeTruthy();
  await expectAccessible(container);
});

test("later it asks for name and password and says nothing of the first run", async () => {
  stubServer({ "GET /api/welcome": welcome(false) });
  renderPart(<SignInPage />);
  expect(await screen.findByText("46:6F:C8")).toBeTruthy();
  expect(screen.queryByText(/one-time/)).toBeNull();
});
