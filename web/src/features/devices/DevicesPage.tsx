import { useBreadcrumb } from "@/app/breadcrumb";

export function Component() {
  useBreadcrumb({ label: "Devices" });
  return <h1>Devices</h1>;
}
