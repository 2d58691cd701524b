import {
  DocumentQuestionMarkRegular,
  LaptopRegular,
  RouterRegular,
  ServerRegular,
  SmartwatchRegular,
} from "@fluentui/react-icons";
import type { DeviceRow } from "@/api/gen/api";
import { role } from "@/app/theme";
import { levelSeverity } from "@/lib/deviceWords";
import { SeverityMark } from "./SeverityMark";
import { Tag } from "./Tag";

const quiet = { color: role("text3") };

/** Tags shown in a row before the rest is counted */
const tagsShown = 3;

/** What kind of thing a device is, beside its name. */
export function DeviceKindIcon({ row }: { row: Pick<DeviceRow, "kind" | "device_type"> }) {
  const Icon =
    row.device_type === "Server"
      ? ServerRegular
      : {
          computer: LaptopRegular,
          network: RouterRegular,
          iot: SmartwatchRegular,
          uncategorised: DocumentQuestionMarkRegular,
        }[row.kind];
  return <Icon fontSize={16} aria-hidden />;
}

/** A level on the scale of severities, or why there is none. */
export function Level({ level, unknown }: { level: string | null; unknown: string }) {
  const severity = levelSeverity(level);
  if (severity) return <SeverityMark severity={severity} />;
  return <span style={quiet}>{level === null || level === "" ? unknown : level}</span>;
}

/** Tags of a device: those that people gave solid, those of sources dashed. */
export function DeviceTags({ row, most = tagsShown }: { row: DeviceRow; most?: number }) {
  const own = new Set(row.own_tags);
  const rest = row.tags.length - most;
  return (
    <>
      {row.tags.slice(0, most).map((tag) => (
        <Tag key={tag} tone={own.has(tag) ? "neutral" : "system"}>
          {tag}
        </Tag>
      ))}
      {rest > 0 && (
        <span style={quiet} title={row.tags.slice(most).join(", ")}>
          +{rest}
        </span>
      )}
    </>
  );
}
