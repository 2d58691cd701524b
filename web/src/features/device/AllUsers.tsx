// Every account that logged on to a device, by every logon type.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Link,
} from "@fluentui/react-components";
import { useMemo, useState } from "react";
import type { LogonAccount } from "@/api/gen/api";
import { DataGrid, type Column, type Item } from "@/components/grid";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import { useList } from "@/lib/useList";
import css from "./device.module.css";

const fullName = ({ domain, name }: LogonAccount) => (domain === "" ? name : `${domain}\\${name}`);

const columns: readonly Column<LogonAccount>[] = [
  {
    id: "name",
    header: "Account",
    width: 200,
    flex: true,
    cell: (row) => <Value text={fullName(row)} kind="name" cut="end" />,
  },
  { id: "kind", header: "Kind", width: 84, cell: (row) => row.kind },
  {
    id: "interactive",
    header: "Interactive",
    width: 92,
    align: "end",
    cell: (row) => countText(row.interactive),
  },
  {
    id: "count",
    header: "All logons",
    width: 88,
    align: "end",
    cell: (row) => countText(row.count),
  },
  { id: "failed", header: "Failed", width: 70, align: "end", cell: (row) => countText(row.failed) },
  {
    id: "types",
    header: "Logon types",
    width: 220,
    cell: (row) => (
      <Value
        text={row.types
          .map(({ type, count }) => `${type === "" ? "not known" : type} ${countText(count)}`)
          .join(", ")}
        cut="end"
      />
    ),
  },
  { id: "first", header: "First", width: 150, cell: (row) => <Instant time={row.first} dateToo /> },
  { id: "last", header: "Last", width: 150, cell: (row) => <Instant time={row.last} dateToo /> },
];

function Accounts({ deviceId }: { deviceId: string }) {
  const [active, setActive] = useState<string | null>(null);
  const list = useList("listDeviceLogons", {
    path: { device_id: deviceId },
    query: { limit: 200 },
  });
  const items = useMemo<Item<LogonAccount>[]>(
    () => list.items.map((row) => ({ kind: "row", id: `${fullName(row)} ${row.sid}`, row })),
    [list.items],
  );
  if (list.isPending) return <StateBlock kind="loading" title="Reading the accounts." />;
  if (list.error) {
    return (
      <ErrorState what="The accounts could not be read" error={list.error} retry={list.refetch} />
    );
  }
  if (items.length === 0) {
    return <StateBlock kind="empty" title="No logon of the past 30 days is recorded." />;
  }
  return (
    <div className={css.accounts}>
      <DataGrid
        label="Accounts that logged on"
        columns={columns}
        items={items}
        rowName={(row) => `${fullName(row)}, ${countText(row.count)} logons`}
        total={list.isWhole ? items.length : null}
        activeId={active}
        onActive={setActive}
        onNearEnd={list.more}
      />
    </div>
  );
}

export function AllUsers({ deviceId }: { deviceId: string }) {
  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement>
        <Link as="button">All users</Link>
      </DialogTrigger>
      <DialogSurface className={css.wide}>
        <DialogBody>
          <DialogTitle>Accounts that logged on, 30 days before the newest evidence</DialogTitle>
          <DialogContent>
            <p className={css.unknown}>
              Interactive counts logons at the device and by remote desktop. All logons count every
              type, also over the network and as a service.
            </p>
            <Accounts deviceId={deviceId} />
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>Close</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
