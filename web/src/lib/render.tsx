// Renders a part or page for a test, inside all that it may ask for.
import { render } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect } from "vitest";
import { Providers } from "@/app/App";

export function renderPart(part: ReactNode, at = "/") {
  const router = createMemoryRouter([{ path: "*", element: part }], { initialEntries: [at] });
  const rendered = render(
    <Providers>
      <RouterProvider router={router} />
    </Providers>,
  );
  return { ...rendered, router };
}

/** Fails with what axe finds wrong; contrast needs a real browser and is checked there. */
export async function expectAccessible(element: Element): Promise<void> {
  const { violations } = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" ")}`)).toEqual(
    [],
  );
}
