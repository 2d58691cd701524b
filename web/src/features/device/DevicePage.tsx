import { useBreadcrumb } from "@/app/breadcrumb";

export function Component() {
  useBreadcrumb({ label: "Device" });
  return <h1>Device</h1>;
}
