import { useBreadcrumb } from "@/app/breadcrumb";

export function Component() {
  useBreadcrumb({ label: "Start" });
  return <h1>Start</h1>;
}
