import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { call } from "@/api/call";
import { Component as NotFoundPage } from "@/features/start/NotFoundPage";
import { expectAccessible, renderPart } from "@/lib/render";
import { Providers } from "./App";
import { Connection } from "./Connection";
import { PageError } from "./PageError";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function Broken({ message }: { message: string }): never {
  throw new Error(message);
}

function renderBroken(message: string) {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const router = createMemoryRouter(
    [
      { path: "/", element: <p>The start</p> },
      { path: "/page", element: <Broken message={message} />, errorElement: <PageError /> },
    ],
    { initialEntries: ["/page"] },
  );
  return render(
    <Providers>
      <RouterProvider router={router} />
    </Providers>,
  );
}

test("a page whose code fails says so and leads on", async () => {
  const { container } = renderBroken("x is not a function");
  expect((await screen.findByRole("alert")).textContent).toContain("x is not a function");
  await expectAccessible(container);
  await userEvent.click(screen.getByRole("button", { name: "Go to Start" }));
  await screen.findByText("The start");
});

test("code that an update took away is told apart", async () => {
  renderBroken("Failed to fetch dynamically imported module: /assets/x.js");
  expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
});

test("an address without a page is quoted as data", async () => {
  renderPart(<NotFoundPage />, "/nothing/here");
  expect((await screen.findByText(/There is no page/)).parentElement?.textContent).toContain(
    "/nothing/here",
  );
});

test("a server that is away is said, and what is shown is read anew when it is back", async () => {
  vi.useFakeTimers();
  let isAway = true;
  vi.stubGlobal("fetch", () =>
    isAway
      ? Promise.reject(new TypeError("no network"))
      : Promise.resolve(new Response("{}", { headers: { "Content-Type": "application/json" } })),
  );
  const client = new QueryClient();
  const read = vi.spyOn(client, "invalidateQueries");
  render(
    <QueryClientProvider client={client}>
      <Connection />
    </QueryClientProvider>,
  );
  expect(screen.getByRole("status").textContent).toBe("");
  await act(() => call("getHealth", {}).catch(() => undefined));
  expect(screen.getByRole("status").textContent).toContain("has not answered since");
  isAway = false;
  await act(() => vi.advanceTimersByTimeAsync(5000));
  expect(screen.getByRole("status").textContent).toBe("");
  expect(read).toHaveBeenCalledOnce();
});
