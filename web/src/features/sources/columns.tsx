// Columns of the list of sources.
import type { Source } from "@/api/gen/api";
import type { Column } from "@/components/grid";
import { Instant } from "@/components/Instant";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";

export const columns: readonly Column<Source>[] = [
  {
    id: "device",
    header: "Device",
    width: 200,
    cell: (row) => <Value text={row.device_name} kind="name" cut="end" />,
  },
  {
    id: "channel",
    header: "Channel",
    width: 280,
    flex: true,
    cell: (row) => <Value text={row.channel} cut="middle" />,
  },
  {
    id: "records",
    header: "Records",
    width: 92,
    align: "end",
    sortable: true,
    cell: (row) => countText(row.records),
  },
  {
    id: "unmapped",
    header: "Without a mapping",
    width: 132,
    align: "end",
    sortable: true,
    cell: (row) => countText(row.unmapped),
  },
  {
    id: "event_ids",
    header: "Event ids",
    width: 80,
    align: "end",
    cell: (row) => countText(row.event_ids),
  },
  {
    id: "days",
    header: "Days with records",
    width: 124,
    align: "end",
    cell: (row) => countText(row.days),
  },
  { id: "first", header: "First", width: 150, cell: (row) => <Instant time={row.first} dateToo /> },
  {
    id: "last",
    header: "Last",
    width: 150,
    sortable: true,
    cell: (row) => <Instant time={row.last} dateToo />,
  },
];
