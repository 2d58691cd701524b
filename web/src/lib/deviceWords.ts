// The words of a device's state. What is not known is said so, never shown as good.
import type { DeviceRow } from "@/api/gen/api";
import type { Severity } from "@/components/SeverityMark";
import type { Status } from "@/components/StatusDot";
import { durationText } from "@/lib/time";

/** Level of risk or exposure on the scale of severities; null where it is none of them. */
export function levelSeverity(level: string | null): Severity | null {
  const known: Record<string, Severity> = {
    High: "high",
    Medium: "medium",
    Low: "low",
    Informational: "informational",
  };
  return known[level ?? ""] ?? null;
}

export function criticalityText(criticality: DeviceRow["criticality"]): string {
  return criticality === "" ? "not set" : criticality === "VeryHigh" ? "Very high" : criticality;
}

/** The sensor's state in words, and the dot that goes with it. */
export function healthText(
  row: Pick<DeviceRow, "health" | "is_silent" | "last_seen">,
  /** Milliseconds since 1970 */
  now: number,
): { text: string; status: Status } {
  if (row.is_silent) {
    const ticks = row.last_seen === null ? 0 : (now - Date.parse(row.last_seen)) * 10_000;
    const age = ticks > 0 ? ` ${durationText(ticks)}` : "";
    return { text: `Silent${age}`, status: "bad" };
  }
  switch (row.health) {
    case "Active":
      return { text: "Active", status: "good" };
    case "LogsOnly":
      return { text: "Logs only", status: "none" };
    case "Inactive":
      return { text: "Inactive", status: "bad" };
    case "":
      return { text: "Not known", status: "none" };
    case "NotOnboarded":
      return { text: "Not onboarded", status: "none" };
    default:
      return { text: row.health.replace(/(?<=[a-z])(?=[A-Z])/g, " "), status: "warning" };
  }
}

/** Operating system in one line. */
export function systemText(row: Pick<DeviceRow, "os_platform" | "os_version">): string {
  return [row.os_platform.replace(/(?<=[a-z])(?=\d)/g, " "), row.os_version]
    .filter((part) => part !== "")
    .join(" ");
}

/** What is wrong with a tag (the API's DeviceTag); null where nothing is. */
export function tagProblem(tag: string): string | null {
  return tag.length > 200 || /[,;"[\]\p{Cc}]/u.test(tag)
    ? 'A tag has up to 200 letters, none of , ; " [ ]'
    : null;
}
