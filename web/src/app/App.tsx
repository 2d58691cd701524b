import { FluentProvider } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useLayoutEffect, useState, type ReactNode } from "react";
import { RouterProvider } from "react-router";
import { ApiError } from "@/api/call";
import { UndoToastProvider } from "@/components/UndoToast";
import { BreadcrumbProvider } from "./breadcrumb";
import { PreferencesProvider, usePreferences } from "./preferences";
import { PreferencesSync } from "./PreferencesSync";
import { makeRouter } from "./routes";
import { SessionProvider } from "./session";
import { applyRoles, darkTheme, lightTheme } from "./theme";

const rowHeights = {
  by_page: "26px",
  dense: "24px",
  compact: "26px",
  comfortable: "32px",
} as const;

/** Theme, density and roles in force for everything inside. */
export function Themed({ children }: { children: ReactNode }) {
  const { mode, preferences } = usePreferences();
  useLayoutEffect(() => {
    applyRoles(mode);
  }, [mode]);
  useLayoutEffect(() => {
    document.documentElement.style.setProperty("--row", rowHeights[preferences.density]);
  }, [preferences.density]);
  return (
    <FluentProvider
      theme={mode === "light" ? lightTheme : darkTheme}
      style={{ height: "100%", background: "transparent" }}
    >
      {children}
    </FluentProvider>
  );
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // What the server refused stays refused; what did not answer is asked again once.
        retry: (count, error) =>
          count < 1 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  });
}

/** Everything that pages and parts may ask for, around a router. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  return (
    <PreferencesProvider>
      <Themed>
        <QueryClientProvider client={client}>
          <SessionProvider>
            <PreferencesSync />
            <UndoToastProvider>
              <BreadcrumbProvider>{children}</BreadcrumbProvider>
            </UndoToastProvider>
          </SessionProvider>
        </QueryClientProvider>
      </Themed>
    </PreferencesProvider>
  );
}

export function App() {
  const [router] = useState(makeRouter);
  return (
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  );
}
