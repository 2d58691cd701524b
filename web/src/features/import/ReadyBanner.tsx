import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { query } from "@/api/call";
import type { ImportReport } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { Value } from "@/components/Value";
import { counted } from "@/lib/amounts";
import { rangeText } from "@/lib/time";
import css from "./import.module.css";
import { devicesOf, devicesQuery, type JobDevice } from "./jobFiles";

/** Devices that are named; the rest are counted. */
const named = 4;

/** Devices that an import stored records of, most records first. */
export function useJobDevices(id: string, enabled: boolean) {
  const { may } = useSession();
  const kql = devicesQuery(id);
  const permitted = may("query.run");
  const found = useQuery({
    ...query("runQuery", { body: { query: kql ?? "", max_rows: 1000, max_seconds: 20 } }),
    enabled: enabled && permitted && kql !== null,
    staleTime: 60_000,
  });
  return { ...found, devices: found.data ? devicesOf(found.data) : null, permitted };
}

function DeviceLinks({ device }: { device: JobDevice }) {
  const to = `/devices/${encodeURIComponent(device.deviceId)}`;
  return (
    <Link to={`${to}/overview`}>
      Open <Value text={device.name} kind="name" />
    </Link>
  );
}

/** What an ended import brought, and where to look at it. */
export function ReadyBanner({ id, report }: { id: string; report: ImportReport }) {
  const { zone } = usePreferences().preferences;
  const { devices, error, permitted } = useJobDevices(id, report.records > report.duplicates);
  if (report.records > 0 && report.records === report.duplicates) {
    return (
      <div className={css.banner}>
        <span>
          <b>Already imported.</b> All {counted(report.records, "record")} were here before. Nothing
          was stored twice.
        </span>
      </div>
    );
  }
  if (report.records === 0) {
    return (
      <div className={`${css.banner} ${css.warning}`}>
        <span>
          <b>No record was found.</b> The list below says of each file why.
        </span>
      </div>
    );
  }
  if (!permitted || error || !devices) {
    return (
      <div className={css.banner}>
        <span>
          <b>{counted(report.records - report.duplicates, "new record")}.</b>{" "}
          {!permitted
            ? "To see of which devices they are needs the permission query.run."
            : error
              ? `Of which devices they are could not be read: ${error.message}`
              : "Counting the devices."}
        </span>
      </div>
    );
  }
  const [first] = devices;
  if (!first) return null;
  const times = devices.flatMap((device) =>
    device.first !== null && device.last !== null ? [device.first, device.last] : [],
  );
  const from = times.reduce((least, time) => (time < least ? time : least), times[0] ?? "");
  const to = times.reduce((most, time) => (time > most ? time : most), times[0] ?? "");
  const sum = devices.reduce((all, device) => all + device.records, 0);
  const rest = devices.length - named;
  return (
    <div className={css.banner}>
      <span>
        <b>
          {counted(sum, "record")} of {counted(devices.length, "device")}
        </b>
        {from === "" ? "" : `, ${rangeText(from, to, zone)}`}
        {from === "" ? "" : zone === "utc" ? " UTC." : "."}
      </span>
      <span className={css.grow} />
      {devices.slice(0, named).map((device) => (
        <DeviceLinks key={device.deviceId} device={device} />
      ))}
      {devices.length === 1 && (
        <Link to={`/devices/${encodeURIComponent(first.deviceId)}/timeline`}>
          Open the timeline at the newest events
        </Link>
      )}
      {rest > 0 && <Link to="/devices">and {counted(rest, "more device")}</Link>}
    </div>
  );
}
