// What each device sends: its channels, how long, and what no mapping knows.
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { Source } from "@/api/gen/api";
import { useBreadcrumb } from "@/app/breadcrumb";
import { DataGrid, type Item } from "@/components/grid";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { countText, counted } from "@/lib/amounts";
import { useList } from "@/lib/useList";
import { useUrlState } from "@/lib/urlState";
import { ChannelPanel } from "./ChannelPanel";
import { columns } from "./columns";
import css from "./sources.module.css";
import { orders, sourcesUrl } from "./sourcesUrl";

const idOf = (row: Source) => `${row.device_id} ${row.channel}`;

export function Component() {
  useBreadcrumb({ label: "Sources" });
  const navigate = useNavigate();
  const [url, change] = useUrlState(sourcesUrl);
  const open = url.of === null ? null : `${url.of} ${url.channel}`;
  const [active, setActive] = useState<string | null>(open);
  const list = useList("listSources", {
    query: { order: url.order, limit: 200 },
  });
  const items = useMemo<Item<Source>[]>(
    () => list.items.map((row) => ({ kind: "row", id: idOf(row), row })),
    [list.items],
  );
  const close = () => {
    change({ of: null, channel: "" });
  };
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={css.title}>Sources</h1>
        <span className={css.count}>
          {list.isPending
            ? ""
            : list.isWhole
              ? counted(items.length, "channel")
              : `${countText(items.length)} channels read, more follow`}
        </span>
      </div>
      <div className={css.work}>
        {list.isPending ? (
          <StateBlock kind="loading" title="Reading what each device sends." />
        ) : list.error ? (
          <ErrorState
            what="The sources could not be read"
            error={list.error}
            retry={list.refetch}
          />
        ) : items.length === 0 ? (
          <StateBlock
            kind="empty"
            title="No source is connected."
            action={{ label: "Import logs", onClick: () => void navigate("/import") }}
          />
        ) : (
          <DataGrid
            label="Channels of devices"
            columns={columns}
            items={items}
            rowName={(row) =>
              `${row.device_name}, ${row.channel}, ${counted(row.records, "record")}, ${countText(row.unmapped)} without a mapping`
            }
            total={list.isWhole ? items.length : null}
            sort={[{ id: url.order, descending: true }]}
            onSort={([key]) => {
              const order = orders.find((name) => name === key?.id);
              if (order) change({ order });
            }}
            activeId={active}
            onActive={setActive}
            onOpen={({ row }) => {
              change({ of: row.device_id, channel: row.channel });
            }}
            onKey={(event) => {
              if (event.key !== "Escape" || open === null) return false;
              close();
              return true;
            }}
            onNearEnd={list.more}
          />
        )}
        {url.of !== null && url.channel !== "" && (
          <ChannelPanel key={open} deviceId={url.of} channel={url.channel} onClose={close} />
        )}
      </div>
    </div>
  );
}
