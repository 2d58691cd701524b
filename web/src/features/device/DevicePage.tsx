import { Button, Tab, TabList } from "@fluentui/react-components";
import { ShareRegular, TextBulletListTreeRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useNavigate, useParams } from "react-router";
import { query } from "@/api/call";
import type { DeviceOverview } from "@/api/gen/api";
import { useBreadcrumb } from "@/app/breadcrumb";
import { useSession } from "@/app/session";
import { DeviceKindIcon, Level } from "@/components/DeviceMarks";
import { Instant } from "@/components/Instant";
import { StateBlock } from "@/components/StateBlock";
import { StatusDot } from "@/components/StatusDot";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import { healthText, systemText } from "@/lib/deviceWords";
import css from "./device.module.css";
import { EditDevice } from "./EditDevice";
import { Overview } from "./Overview";
import { deviceTabs } from "./tabs";

const TimelineTab = lazy(async () => ({
  default: (await import("@/features/timeline/TimelineTab")).TimelineTab,
}));

function Header({ overview, permitted }: { overview: DeviceOverview; permitted: boolean }) {
  const navigate = useNavigate();
  const toast = useUndoToast();
  const { device } = overview;
  const health = healthText(device, Date.now());
  return (
    <header className={css.head}>
      <DeviceKindIcon row={device} />
      <h1 className={css.title}>
        <Value text={device.name === "" ? "(no name)" : device.name} kind="name" cut="end" />
      </h1>
      {overview.risk.level !== "" && <Level level={overview.risk.level} unknown="" />}
      <EditDevice device={device} permitted={permitted} />
      <span className={css.facing}>
        {systemText(device) !== "" && <Value text={systemText(device)} cut="end" />}
        <StatusDot status={health.status}>{health.text}</StatusDot>
        <span>
          last seen <Instant time={device.last_seen} relative />
        </span>
      </span>
      <span className={css.actions}>
        <Button
          icon={<TextBulletListTreeRegular />}
          onClick={() => void navigate(`/devices/${device.device_id}/tree`)}
        >
          Process tree
        </Button>
        <Button
          icon={<ShareRegular />}
          onClick={() => {
            void navigator.clipboard.writeText(window.location.href).then(() => {
              toast("Link copied");
            });
          }}
        >
          Copy link
        </Button>
      </span>
    </header>
  );
}

export function Component() {
  const { deviceId = "", tab = "overview" } = useParams();
  const navigate = useNavigate();
  const { may } = useSession();
  const { data } = useQuery(query("getDeviceOverview", { path: { device_id: deviceId } }));
  const chosen = deviceTabs.find(({ id }) => id === tab);
  useBreadcrumb(
    { label: "Devices", to: "/devices" },
    { label: data?.device.name ?? deviceId.slice(0, 8), to: `/devices/${deviceId}/overview` },
    { label: chosen?.label ?? tab },
  );
  return (
    <div className={css.page}>
      {data ? (
        <Header overview={data} permitted={may("devices.edit")} />
      ) : (
        <header className={css.head}>
          <h1 className={css.title}>{deviceId.slice(0, 8)}</h1>
        </header>
      )}
      <TabList
        className={css.tabs}
        size="small"
        selectedValue={tab}
        onTabSelect={(_, selected) =>
          void navigate(`/devices/${deviceId}/${String(selected.value)}`)
        }
      >
        {deviceTabs.map(({ id, label }) => (
          <Tab key={id} value={id}>
            {label}
          </Tab>
        ))}
      </TabList>
      {tab === "overview" && <Overview deviceId={deviceId} />}
      {tab === "timeline" && (
        <Suspense fallback={<StateBlock kind="loading" title="Loading the timeline." />}>
          <TimelineTab deviceId={deviceId} key={deviceId} />
        </Suspense>
      )}
      {chosen?.empty && (
        <StateBlock kind="empty" title={chosen.empty.title} detail={chosen.empty.detail} />
      )}
      {!chosen && <StateBlock kind="empty" title="A device has no such tab." />}
    </div>
  );
}
