// The fly-out of the list: enough of a device to decide whether to open it.
import { Button } from "@fluentui/react-components";
import { OpenRegular, TimelineRegular } from "@fluentui/react-icons";
import { Link, useNavigate } from "react-router";
import type { DeviceRow } from "@/api/gen/api";
import { CopyButton } from "@/components/CopyButton";
import { Instant } from "@/components/Instant";
import { SidePanel } from "@/components/SidePanel";
import { StatusDot } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { DeviceTags, Level } from "@/components/DeviceMarks";
import css from "./devices.module.css";
import { criticalityText, healthText, systemText } from "@/lib/deviceWords";

function Fact({ label, text }: { label: string; text: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {text === "" ? (
          <span className={css.quiet}>not known</span>
        ) : (
          <>
            <Value text={text} /> <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
          </>
        )}
      </dd>
    </>
  );
}

export function DeviceLook({
  row,
  width,
  onWidth,
  onClose,
}: {
  row: DeviceRow;
  width: number;
  onWidth: (width: number) => void;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const health = healthText(row, Date.now());
  const page = `/devices/${row.device_id}`;
  return (
    <SidePanel
      title={<Value text={row.name === "" ? "(no name)" : row.name} kind="name" />}
      label={`Device ${row.name}`}
      width={width}
      onWidth={onWidth}
      onClose={onClose}
    >
      <div className={css.look}>
        <div className={css.tagRow}>
          <Button
            appearance="primary"
            icon={<OpenRegular />}
            onClick={() => void navigate(`${page}/overview`)}
          >
            Open page
          </Button>
          <Button icon={<TimelineRegular />} onClick={() => void navigate(`${page}/timeline`)}>
            Timeline
          </Button>
        </div>
        <dl className={css.facts}>
          <dt>Risk</dt>
          <dd>
            <Level level={row.risk_level} unknown="Not known: nothing detects yet" />
          </dd>
          <dt>Exposure</dt>
          <dd>
            <Level level={row.exposure_level} unknown="Not known: no source says" />
          </dd>
          <dt>Health</dt>
          <dd>
            <StatusDot status={health.status}>{health.text}</StatusDot>
          </dd>
          <dt>Value</dt>
          <dd>{row.asset_value === "" ? "not set" : row.asset_value}</dd>
          <dt>Criticality</dt>
          <dd>{criticalityText(row.criticality)}</dd>
          <dt>Tags</dt>
          <dd className={css.tagRow}>
            {row.tags.length === 0 ? (
              <span className={css.quiet}>none</span>
            ) : (
              <DeviceTags row={row} most={50} />
            )}
          </dd>
          <Fact label="OS" text={systemText(row)} />
          <Fact label="Address" text={row.address} />
          <Fact label="Domain" text={row.domain} />
          <Fact label="Device id" text={row.device_id} />
          <dt>First seen</dt>
          <dd>
            <Instant time={row.first_seen} dateToo />
          </dd>
          <dt>Last seen</dt>
          <dd>
            <Instant time={row.last_seen} dateToo />
          </dd>
          <dt>Internet-facing</dt>
          <dd>
            {row.is_internet_facing === null
              ? "Not known: no source says"
              : row.is_internet_facing
                ? "Yes"
                : "No"}
          </dd>
        </dl>
        <Link to={`${page}/tree`}>Process tree</Link>
      </div>
    </SidePanel>
  );
}
