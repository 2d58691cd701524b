import { useBreadcrumb } from "@/app/breadcrumb";

export function Component() {
  useBreadcrumb({ label: "Process tree" });
  return <h1>Process tree</h1>;
}
