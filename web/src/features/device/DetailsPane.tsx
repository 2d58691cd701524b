// What identifies a device, at the left of its page.
import type { ReactNode } from "react";
import { z } from "zod";
import type { DeviceOverview } from "@/api/gen/api";
import { CopyButton } from "@/components/CopyButton";
import { Instant } from "@/components/Instant";
import { StatusDot } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { useKept } from "@/lib/kept";
import { healthText, systemText } from "@/lib/deviceWords";
import css from "./device.module.css";

const aliasNames: Record<string, string> = {
  fqdn: "Full name",
  name: "Short name",
  netbios: "NetBIOS",
  sid: "SID",
  machine_guid: "Machine id",
  sensor: "Sensor id",
};

function Fact({ label, text, mono }: { label: string; text: string; mono?: boolean }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className={css.fact}>
        {text === "" ? (
          <span className={css.quiet}>not known</span>
        ) : (
          <>
            <Value text={text} kind={mono === true ? "mono" : "plain"} cut="end" />
            <span className={css.copy}>
              <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
            </span>
          </>
        )}
      </dd>
    </>
  );
}

/** The channel or feed that a first or last time rests on. */
function Evidence({ source }: { source: string }) {
  if (source === "") return null;
  return (
    <div className={css.evidence}>
      <Value text={source} cut="end" />
    </div>
  );
}

const foldedTitles = z.array(z.string()).max(50);
const nothingFolded: string[] = [];

interface Fold {
  title: string;
  isFolded: boolean;
  onFold: (isFolded: boolean) => void;
}

/** What is folded is remembered, for all devices. */
function useFolds(): (title: string) => Fold {
  const [folded, keep] = useKept("device.folded", foldedTitles, nothingFolded);
  return (title) => ({
    title,
    isFolded: folded.includes(title),
    onFold: (isFolded) => {
      const others = folded.filter((each) => each !== title);
      keep(isFolded ? [...others, title] : others);
    },
  });
}

function Section({ title, isFolded, onFold, children }: Fold & { children: ReactNode }) {
  return (
    <details
      open={!isFolded}
      className={css.section}
      onToggle={(event) => {
        const isClosed = !event.currentTarget.open;
        if (isClosed !== isFolded) onFold(isClosed);
      }}
    >
      <summary>
        <h2>{title}</h2>
      </summary>
      <dl className={css.facts}>{children}</dl>
    </details>
  );
}

export function DetailsPane({ overview }: { overview: DeviceOverview }) {
  const { device, aliases, addresses, gateways, dns_servers } = overview;
  const health = healthText(device, Date.now());
  const fold = useFolds();
  return (
    <aside className={css.pane} aria-label="Details of the device">
      <Section {...fold("Identity")}>
        <Fact label="Name" text={device.name} />
        <Fact label="Domain" text={device.domain} />
        <Fact label="Device id" text={device.device_id} mono />
        {device.directory_id !== "" && (
          <Fact label="Directory id" text={device.directory_id} mono />
        )}
        {aliases
          // `full` notes which device has a short name; the name itself stands under `name`.
          .filter(({ kind, value }) => kind !== "full" && value !== device.name)
          .map(({ kind, value }) => (
            <Fact
              key={`${kind} ${value}`}
              label={aliasNames[kind] ?? kind}
              text={value}
              mono={kind === "sid" || kind === "machine_guid"}
            />
          ))}
        {overview.merged_ids.map((id) => (
          <Fact key={id} label="Merged in" text={id} mono />
        ))}
      </Section>
      <Section {...fold("System")}>
        <Fact label="OS" text={systemText(device)} />
        <Fact label="Build" text={device.os_build === null ? "" : String(device.os_build)} />
        <Fact label="Architecture" text={device.os_architecture} />
        {device.os_distribution !== "" && (
          <Fact label="Distribution" text={device.os_distribution} />
        )}
        <Fact label="Model" text={[device.vendor, device.model].filter(Boolean).join(" ")} />
        {device.device_type !== "" && <Fact label="Type" text={device.device_type} />}
      </Section>
      <Section {...fold("Network")}>
        {addresses.length === 0 && <Fact label="Address" text={device.address} />}
        {addresses.slice(0, 8).map(({ address, mac, last_seen }, index) => (
          <div key={`${address} ${mac}`} className={css.pair}>
            <dt>{index === 0 ? "Address" : ""}</dt>
            <dd>
              <Value text={address} cut="end" />
              <div className={css.quiet}>
                {index === 0 ? (
                  "newest"
                ) : (
                  <>
                    until <Instant time={last_seen} relative />
                  </>
                )}
              </div>
            </dd>
            {mac !== "" && (
              <>
                <dt>MAC</dt>
                <dd>
                  <Value text={mac} kind="mono" cut="end" />
                </dd>
              </>
            )}
          </div>
        ))}
        {addresses.length > 8 && (
          <div className={css.pair}>
            <dt />
            <dd className={css.quiet}>{addresses.length - 8} more</dd>
          </div>
        )}
        <Fact label="Gateway" text={gateways.join(", ")} />
        {dns_servers.length > 0 && <Fact label="DNS" text={dns_servers.join(", ")} />}
        {device.public_ip !== "" && <Fact label="Seen as" text={device.public_ip} />}
      </Section>
      <Section {...fold("Sensor")}>
        <dt>Health</dt>
        <dd>
          <StatusDot status={health.status}>{health.text}</StatusDot>
        </dd>
        <Fact label="Version" text={device.sensor_version} />
        <Fact label="Onboarding" text={device.onboarding_status} />
      </Section>
      <Section {...fold("Seen, from all evidence")}>
        <dt>First</dt>
        <dd>
          <Instant time={overview.first_evidence.time ?? device.first_seen} dateToo />
          <Evidence source={overview.first_evidence.source} />
        </dd>
        <dt>Last</dt>
        <dd>
          <Instant time={overview.last_evidence.time ?? device.last_seen} dateToo />
          <Evidence source={overview.last_evidence.source} />
        </dd>
      </Section>
      <Section {...fold("Groups")}>
        <Fact label="Group" text={device.group} />
        {device.join_type !== "" && <Fact label="Joined by" text={device.join_type} />}
        {device.cloud_platforms !== "" && <Fact label="Cloud" text={device.cloud_platforms} />}
        {device.site !== "" && <Fact label="Site" text={device.site} />}
      </Section>
    </aside>
  );
}
