import { Link } from "react-router";
import type { DeviceRow } from "@/api/gen/api";
import type { Column } from "@/components/grid";
import { Instant } from "@/components/Instant";
import { DeviceKindIcon, DeviceTags, Level } from "@/components/DeviceMarks";
import { StatusDot } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { CoverageSpark } from "./CoverageSpark";
import { LiveCell } from "./LiveCell";
import css from "./devices.module.css";
import { criticalityText, healthText, systemText } from "@/lib/deviceWords";

function Words({ text }: { text: string }) {
  return text === "" ? (
    <span className={css.quiet}>not known</span>
  ) : (
    <Value text={text} cut="end" />
  );
}

function text(
  id: string,
  header: string,
  width: number,
  of: (row: DeviceRow) => string,
): Column<DeviceRow> {
  return {
    id,
    header,
    width,
    sortable: true,
    cell: (row) => <Words text={of(row)} />,
  };
}

function truth(
  id: string,
  header: string,
  of: (row: DeviceRow) => boolean | null,
): Column<DeviceRow> {
  return {
    id,
    header,
    width: 120,
    cell: (row) => {
      const value = of(row);
      return value === null ? <span className={css.quiet}>not known</span> : value ? "Yes" : "No";
    },
  };
}

/** Every column of the list, by the field that it filters and sorts by. */
export const columns: readonly Column<DeviceRow>[] = [
  {
    id: "DeviceName",
    header: "Name",
    width: 250,
    flex: true,
    sortable: true,
    cell: (row) => (
      <>
        <DeviceKindIcon row={row} />
        <Link
          className={css.name}
          to={`/devices/${row.device_id}/overview`}
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          <Value text={row.name === "" ? "(no name)" : row.name} kind="name" cut="end" />
        </Link>
        <DeviceTags row={row} />
        {row.merged > 0 && <span className={css.quiet}>{row.merged + 1} records</span>}
      </>
    ),
  },
  {
    id: "Risk",
    header: "Risk",
    width: 126,
    cell: (row) => (
      <LiveCell value={row.risk_level ?? ""}>
        <Level level={row.risk_level} unknown="Not known" />
      </LiveCell>
    ),
  },
  {
    id: "ExposureLevel",
    header: "Exposure",
    width: 100,
    sortable: true,
    cell: (row) => <Level level={row.exposure_level} unknown="Not known" />,
  },
  {
    id: "Alerts",
    header: "Alerts",
    width: 88,
    align: "end",
    cell: (row) =>
      row.alerts === null ? <span className={css.quiet}>not known</span> : row.alerts,
  },
  text("OSPlatform", "OS", 154, systemText),
  text("Address", "Address", 116, (row) => row.address),
  text("Domain", "Domain", 132, (row) => row.domain),
  {
    id: "Criticality",
    header: "Criticality",
    width: 90,
    sortable: true,
    cell: (row) => (
      <span className={row.criticality === "" ? css.quiet : undefined}>
        {criticalityText(row.criticality)}
      </span>
    ),
  },
  {
    id: "Health",
    header: "Health",
    width: 142,
    sortable: true,
    cell: (row) => {
      const { text: words, status } = healthText(row, Date.now());
      return (
        <LiveCell value={`${row.health} ${String(row.is_silent)}`}>
          <StatusDot status={status}>{words}</StatusDot>
        </LiveCell>
      );
    },
  },
  {
    id: "LastSeen",
    header: "Last seen",
    width: 128,
    sortable: true,
    cell: (row) => (
      <LiveCell value={row.last_seen ?? ""}>
        <Instant time={row.last_seen} relative />
      </LiveCell>
    ),
  },
  {
    id: "Coverage",
    header: "Coverage, 30 d",
    width: 128,
    cell: (row) => <CoverageSpark deviceId={row.device_id} />,
  },
  {
    id: "FirstSeen",
    header: "First seen",
    width: 128,
    sortable: true,
    cell: (row) => <Instant time={row.first_seen} relative />,
  },
  text("AssetValue", "Value", 84, (row) => row.asset_value),
  text("MachineGroup", "Group", 120, (row) => row.group),
  text("DeviceType", "Type", 110, (row) => row.device_type),
  text("DeviceCategory", "Category", 110, (row) => row.device_category),
  text("DeviceSubtype", "Subtype", 110, (row) => row.device_subtype),
  text("Vendor", "Vendor", 120, (row) => row.vendor),
  text("Model", "Model", 140, (row) => row.model),
  text("OSVersion", "OS version", 110, (row) => row.os_version),
  text("OSArchitecture", "Architecture", 100, (row) => row.os_architecture),
  text("OSDistribution", "Distribution", 120, (row) => row.os_distribution),
  text("MacAddress", "MAC address", 140, (row) => row.mac),
  text("PublicIP", "Public address", 124, (row) => row.public_ip),
  text("OnboardingStatus", "Onboarding", 130, (row) => row.onboarding_status),
  text("ClientVersion", "Sensor version", 130, (row) => row.sensor_version),
  text("JoinType", "Join type", 130, (row) => row.join_type),
  text("AadDeviceId", "Directory id", 280, (row) => row.directory_id),
  text("MitigationStatus", "Mitigation", 120, (row) => row.mitigation_status),
  text("CloudPlatforms", "Cloud", 120, (row) => row.cloud_platforms),
  text("DiscoverySources", "Discovered by", 140, (row) => row.discovery_sources),
  text("Site", "Site", 110, (row) => row.site),
  text("DeviceId", "Device id", 310, (row) => row.device_id),
  truth("IsInternetFacing", "Internet-facing", (row) => row.is_internet_facing),
  truth("IsTransient", "Transient", (row) => row.is_transient),
  truth("IsExcluded", "Excluded", (row) => row.is_excluded),
];

/** What is shown where nothing was chosen, by the width of the window (px). */
export function standardColumns(width: number): readonly string[] {
  const wide = [
    "DeviceName",
    "Risk",
    "ExposureLevel",
    "Alerts",
    "OSPlatform",
    "Address",
    "Domain",
    "Criticality",
    "Health",
    "LastSeen",
    "Coverage",
  ];
  if (width < 1440) return wide.filter((id) => !["Domain", "Criticality", "Coverage"].includes(id));
  if (width > 2400) return [...wide, "DeviceId", "MachineGroup", "FirstSeen"];
  return wide;
}
