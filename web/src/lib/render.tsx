// Renders a part or page for a test, inside all that it may ask for.
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect } from "vitest";
import { makeQueryClient, Themed } from "@/app/App";
import { BreadcrumbProvider } from "@/app/breadcrumb";
import { PreferencesProvider } from "@/app/preferences";
import { SessionProvider } from "@/app/session";
import { UndoToastProvider } from "@/components/UndoToast";

export function renderPart(part: ReactNode, at = "/") {
  const router = createMemoryRouter([{ path: "*", element: part }], { initialEntries: [at] });
  const rendered = render(
    <PreferencesProvider>
      <Themed>
        <QueryClientProvider client={makeQueryClient()}>
          <SessionProvider>
            <UndoToastProvider>
              <BreadcrumbProvider>
                <RouterProvider router={router} />
              </BreadcrumbProvider>
            </UndoToastProvider>
          </SessionProvider>
        </QueryClientProvider>
      </Themed>
    </PreferencesProvider>,
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
