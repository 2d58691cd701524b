import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { query } from "@/api/call";
import type { DeviceCoverage } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { StatusDot } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { dateText, moved } from "@/lib/time";
import { countText } from "@/lib/amounts";
import { Card, Unknown } from "./Card";
import css from "./device.module.css";

/** Ticks of an hour */
const hour = 36_000_000_000n;
const cell = 9;
const gap = 2;
/** Gaps that are told in words */
const told = 3;

function cellTime(coverage: DeviceCoverage, index: number): string {
  return moved(coverage.from, BigInt(index * coverage.cell_hours) * hour);
}

/** Days across, hours down; a cell leads to its time in the timeline. */
function HeatMap({ coverage, deviceId }: { coverage: DeviceCoverage; deviceId: string }) {
  const navigate = useNavigate();
  const rows = 24 / coverage.cell_hours;
  const days = Math.ceil(coverage.cells.length / rows);
  const peak = Math.max(1, ...coverage.cells);
  const present = coverage.cells.filter((count) => count > 0).length;
  return (
    <svg
      className={css.heat}
      viewBox={`0 0 ${String(days * (cell + gap))} ${String(rows * (cell + gap))}`}
      role="img"
      aria-label={`Evidence in ${String(present)} of ${String(coverage.cells.length)} spans of ${String(coverage.cell_hours)} hours`}
    >
      {coverage.cells.map((count, index) => {
        const from = cellTime(coverage, index);
        const to = cellTime(coverage, index + 1);
        return (
          <rect
            key={index}
            x={Math.floor(index / rows) * (cell + gap)}
            y={(index % rows) * (cell + gap)}
            width={cell}
            height={cell}
            rx={1}
            fill={role(count > 0 ? "goodMark" : "stroke")}
            fillOpacity={count > 0 ? 0.45 + 0.55 * Math.sqrt(count / peak) : 1}
            style={count > 0 ? { cursor: "pointer" } : undefined}
            onClick={() => {
              if (count > 0) {
                void navigate(`/devices/${deviceId}/timeline?v=1&from=${from}&to=${to}`);
              }
            }}
          >
            <title>{`${dateText(from, "utc")} ${from.slice(11, 16)} UTC: ${countText(count)} records`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

export function CoverageCard({ deviceId }: { deviceId: string }) {
  const { data, error, isPending, refetch } = useQuery(
    query("getDeviceCoverage", { path: { device_id: deviceId }, query: {} }),
  );
  const sources = data ? data.sources.length + data.more_sources : 0;
  return (
    <Card title="Coverage" note="evidence by day and hour, UTC" columns={4}>
      {isPending && <StateBlock kind="loading" title="Reading the coverage." />}
      {error && (
        <ErrorState what="Coverage could not be read" error={error} retry={() => void refetch()} />
      )}
      {data && (
        <>
          <HeatMap coverage={data} deviceId={deviceId} />
          <p className={css.axis}>
            <span>{dateText(data.from, "utc")}</span>
            <span>{dateText(data.to, "utc")}</span>
          </p>
          {data.is_logs_only && (
            <Unknown>
              Offline logs only: {sources} {sources === 1 ? "channel" : "channels"},{" "}
              {dateText(data.from, "utc")} to {dateText(data.to, "utc")}
            </Unknown>
          )}
          <ul className={css.lines}>
            {data.gaps.slice(0, told).map((each, index) => (
              <li key={`${String(index)} ${each.from}`}>
                <StatusDot status={each.kind === "log_cleared" ? "bad" : "warning"}>
                  <Value text={each.detail} cut="end" />
                </StatusDot>
                <span className={css.quiet}>
                  <Instant time={each.from} dateToo />
                </span>
              </li>
            ))}
          </ul>
          {data.gap_count > told && <Unknown>and {data.gap_count - told} more gaps</Unknown>}
        </>
      )}
    </Card>
  );
}
