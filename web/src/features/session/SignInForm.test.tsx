import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { SignInForm, waitText } from "./SignInForm";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetched = vi.fn((url: string, init: RequestInit) => {
    if (url === "/api/session" && init.method === "GET") {
      return Promise.resolve(new Response("{}", { status: 401 }));
    }
    return Promise.resolve(
      new Response(JSON.stringify(body), {
        status,
        headers: { "Content-Type": "application/json", ...headers },
      }),
    );
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

const refusal = (code: string) => ({
  error: { code, message: "No.", hint: "", request_id: "r1" },
});

async function fill() {
  await userEvent.type(screen.getByLabelText("Name"), "mira");
  await userEvent.type(screen.getByLabelText("Password"), "correct horse");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

test("a wrong password is told in words, and the name is kept", async () => {
  answer(401, refusal("unauthenticated"));
  const { container } = renderPart(<SignInForm onSignedIn={vi.fn()} />);
  await fill();
  expect(await screen.findByText("Name or password is not right.")).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("mira");
  await expectAccessible(container);
});

test("too many tries name the time to wait and hold the button", async () => {
  answer(429, refusal("too_many"), { "Retry-After": "252" });
  renderPart(<SignInForm onSignedIn={vi.fn()} />);
  await fill();
  expect(await screen.findByText("Too many tries. Wait 4 min 12 s.")).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Sign in" }).disabled).toBe(true);
});

test("a right password hands on who signed in", async () => {
  answer(200, { name: "mira", csrf_token: "t", permissions: [] });
  const signedIn = vi.fn();
  renderPart(<SignInForm onSignedIn={signedIn} />);
  await fill();
  await waitFor(() => {
    expect(signedIn).toHaveBeenCalledWith(
      expect.objectContaining({ name: "mira" }),
      "correct horse",
    );
  });
});

test("the wait reads as minutes and seconds", () => {
  expect(waitText(252)).toBe("4 min 12 s");
  expect(waitText(9)).toBe("9 s");
});
