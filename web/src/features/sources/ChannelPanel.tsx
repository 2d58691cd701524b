// One channel of a device: its events, days, pauses, and what happened to the log.
import { Link } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link as RouterLink } from "react-router";
import { query } from "@/api/call";
import type { SourceReport } from "@/api/gen/api";
import { Duration } from "@/components/Duration";
import { Instant } from "@/components/Instant";
import { SidePanel } from "@/components/SidePanel";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { countText, counted } from "@/lib/amounts";
import { ticksBetween } from "@/lib/time";
import css from "./sources.module.css";

const tabs = [
  { id: "events", label: "Events" },
  { id: "pauses", label: "Pauses" },
  { id: "marks", label: "Marks" },
] as const;

function Events({ report, deviceId }: { report: SourceReport; deviceId: string }) {
  return (
    <>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col" className={css.number}>
              Records
            </th>
            <th scope="col">Mapping</th>
            <th scope="col">Newest</th>
          </tr>
        </thead>
        <tbody>
          {report.events.map((event) => (
            <tr key={`${event.provider} ${String(event.source_event_id)}`}>
              <td>
                <Value text={`${event.provider} ${String(event.source_event_id)}`} cut="middle" />
              </td>
              <td className={css.number}>{countText(event.records)}</td>
              <td>
                {event.mapping_version === 0 ? (
                  <span className={css.unmapped}>none</span>
                ) : (
                  `version ${countText(event.mapping_version)}`
                )}
              </td>
              <td>
                {event.mapping_version === 0 ? (
                  <Instant time={event.last} dateToo />
                ) : (
                  <RouterLink
                    to={`/devices/${deviceId}/timeline?v=1&sel=${event.last ?? ""}~${event.sample}`}
                  >
                    <Link as="span">
                      <Instant time={event.last} dateToo />
                    </Link>
                  </RouterLink>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.more_events > 0 && (
        <p className={css.note}>{counted(report.more_events, "rarer event")} are not shown.</p>
      )}
    </>
  );
}

function Pauses({ report }: { report: SourceReport }) {
  if (report.pauses.length === 0) {
    return <StateBlock kind="empty" title="No pause of an hour or more between two records." />;
  }
  return (
    <ul className={css.list}>
      {report.pauses.map((pause) => (
        <li key={pause.from}>
          <Duration ticks={ticksBetween(pause.from, pause.to)} /> without a record, from{" "}
          <Instant time={pause.from} dateToo /> to <Instant time={pause.to} dateToo />
        </li>
      ))}
    </ul>
  );
}

function Marks({ report }: { report: SourceReport }) {
  if (report.marks.length === 0) {
    return (
      <StateBlock
        kind="empty"
        title="Nothing is recorded of this log being cleared, cut or damaged."
      />
    );
  }
  return (
    <ul className={css.list}>
      {report.marks.map((mark) => (
        <li key={`${mark.from} ${mark.kind} ${mark.detail}`}>
          <Instant time={mark.from} dateToo /> <Value text={mark.detail} />
          {mark.lost !== null && ` (${counted(mark.lost, "record")} lost)`}
        </li>
      ))}
    </ul>
  );
}

export interface ChannelPanelProps {
  deviceId: string;
  channel: string;
  onClose: () => void;
}

export function ChannelPanel({ deviceId, channel, onClose }: ChannelPanelProps) {
  const [width, setWidth] = useState(480);
  const [tab, setTab] = useState<string>("events");
  const found = useQuery(query("getSource", { path: { device_id: deviceId }, query: { channel } }));
  const report = found.data;
  const counts = {
    events: report && report.source.event_ids,
    pauses: report?.pauses.length,
    marks: report?.marks.length,
  };
  return (
    <SidePanel
      label={`Channel ${channel}`}
      title={<Value text={channel} cut="middle" />}
      subtitle={
        report && (
          <>
            <Value text={report.source.device_name} kind="name" />:{" "}
            {counted(report.source.records, "record")} on {counted(report.source.days, "day")},{" "}
            {countText(report.source.unmapped)} without a mapping
          </>
        )
      }
      onClose={onClose}
      width={width}
      onWidth={setWidth}
      tabs={tabs.map(({ id, label }) => ({ id, label, count: counts[id] }))}
      tab={tab}
      onTab={setTab}
    >
      {found.isPending ? (
        <StateBlock kind="loading" title="Reading the channel." />
      ) : found.error ? (
        <ErrorState
          what="The channel could not be read"
          error={found.error}
          retry={() => void found.refetch()}
        />
      ) : tab === "events" ? (
        <Events report={found.data} deviceId={deviceId} />
      ) : tab === "pauses" ? (
        <Pauses report={found.data} />
      ) : (
        <Marks report={found.data} />
      )}
    </SidePanel>
  );
}
