import { useBreadcrumb } from "@/app/breadcrumb";

export function Component() {
  useBreadcrumb({ label: "Settings" });
  return <h1>Settings</h1>;
}
