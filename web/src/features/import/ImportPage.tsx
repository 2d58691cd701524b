import { useBreadcrumb } from "@/app/breadcrumb";

export function Component() {
  useBreadcrumb({ label: "Import" });
  return <h1>Import</h1>;
}
