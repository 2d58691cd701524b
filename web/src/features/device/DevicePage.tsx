import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { query } from "@/api/call";
import { useBreadcrumb } from "@/app/breadcrumb";
import { TimelineTab } from "@/features/timeline/TimelineTab";

const useStyles = makeStyles({
  title: { padding: "8px 16px", fontSize: "20px", lineHeight: "26px" },
});

export function Component() {
  const { deviceId = "", tab } = useParams();
  const styles = useStyles();
  const { data } = useQuery(query("getDeviceOverview", { path: { device_id: deviceId } }));
  const name = data?.device.name ?? "Device";
  useBreadcrumb(
    { label: "Devices", to: "/devices" },
    { label: name, to: `/devices/${deviceId}` },
    { label: tab === "timeline" ? "Timeline" : "Overview" },
  );
  return (
    <>
      <h1 className={styles.title}>
        <bdi>{name}</bdi>
      </h1>
      {tab === "timeline" && <TimelineTab key={deviceId} deviceId={deviceId} />}
    </>
  );
}
