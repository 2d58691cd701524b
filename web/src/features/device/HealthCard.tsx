import type { DeviceHealth } from "@/api/gen/api";
import { Instant } from "@/components/Instant";
import { StatusDot, type Status } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { Card, Unknown } from "./Card";
import css from "./device.module.css";

type Check = DeviceHealth["checks"][number];

const headlines: Record<DeviceHealth["headline"], string> = {
  not_known: "Status is not known",
  antivirus_not_active: "Antivirus is not active",
  intelligence_not_up_to_date: "Intelligence is not up to date",
  engine_not_up_to_date: "Engine is not up to date",
  quick_scan_failed: "Quick scan failed",
  full_scan_failed: "Full scan failed",
  platform_not_up_to_date: "Platform is not up to date",
  intelligence_unknown: "Update state of the intelligence is not known",
  engine_unknown: "Update state of the engine is not known",
  quick_scan_unknown: "No quick scan is known",
  full_scan_unknown: "No full scan is known",
  platform_unknown: "Update state of the platform is not known",
  up_to_date: "Antivirus is up to date",
};

const names: Record<Check["name"], string> = {
  antivirus_mode: "Antivirus mode",
  security_intelligence: "Intelligence",
  engine: "Engine",
  platform: "Platform",
  quick_scan: "Quick scan",
  full_scan: "Full scan",
};

const order: readonly Check["name"][] = [
  "quick_scan",
  "full_scan",
  "security_intelligence",
  "engine",
  "platform",
  "antivirus_mode",
];

const dots: Record<Check["state"], Status> = { good: "good", bad: "bad", unknown: "none" };
const states: Record<Check["state"], string> = { good: "good", bad: "bad", unknown: "not known" };

/** Unknown stays grey: it is never shown as healthy. */
export function HealthCard({ health }: { health: DeviceHealth }) {
  const unknown = health.headline === "not_known" || health.headline.endsWith("_unknown");
  const tone = unknown ? "unknown" : health.headline === "up_to_date" ? "good" : "bad";
  return (
    <Card title="Device health" columns={4}>
      <p className={css.headline} data-tone={tone}>
        {headlines[health.headline]}
      </p>
      {health.reason !== "" && <Unknown>{health.reason}</Unknown>}
      <ul className={css.checks}>
        {order.flatMap((name) => {
          const check = health.checks.find((each) => each.name === name);
          if (!check) return [];
          return (
            <li key={name}>
              <span title={states[check.state]}>
                <StatusDot status={dots[check.state]}>{names[name]}</StatusDot>
                <span className="visuallyHidden">{states[check.state]}</span>
              </span>
              <span>
                {check.value === "" ? (
                  <span className={css.quiet}>not known</span>
                ) : (
                  <Value text={check.value} cut="end" />
                )}
              </span>
              <span className={css.quiet}>
                {check.time !== null && (
                  <>
                    reported <Instant time={check.time} dateToo />
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
