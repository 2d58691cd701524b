// Every page by its address. A page is a folder of features/ with one entry here; its code is loaded when it is opened.
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { StateBlock } from "@/components/StateBlock";
import { PageError } from "./PageError";
import { Shell } from "./Shell";

const pages: RouteObject[] = [
  { index: true, lazy: () => import("@/features/start/StartPage") },
  { path: "devices", lazy: () => import("@/features/devices/DevicesPage") },
  { path: "devices/:deviceId", element: <Navigate to="overview" replace relative="path" /> },
  { path: "devices/:deviceId/tree", lazy: () => import("@/features/tree/TreePage") },
  { path: "devices/:deviceId/:tab", lazy: () => import("@/features/device/DevicePage") },
  { path: "sources", lazy: () => import("@/features/sources/SourcesPage") },
  { path: "import", lazy: () => import("@/features/import/ImportPage") },
  { path: "import/:jobId", lazy: () => import("@/features/import/ImportPage") },
  { path: "settings", element: <Navigate to="/settings/me" replace /> },
  { path: "settings/:section", lazy: () => import("@/features/settings/SettingsPage") },
  { path: "*", lazy: () => import("@/features/start/NotFoundPage") },
];

export const routes: RouteObject[] = [
  {
    path: "/",
    element: <Shell />,
    errorElement: <PageError />,
    hydrateFallbackElement: <StateBlock kind="loading" title="Loading the page." />,
    children: [
      // A page whose code fails leaves rail and top bar as they are.
      { errorElement: <PageError />, children: pages },
    ],
  },
];

export function makeRouter() {
  return createBrowserRouter(routes);
}
