import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { query } from "@/api/call";
import type { TimelineOverview } from "@/api/gen/api";
import { role, type Role } from "@/app/theme";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { dateText, moved, ticksBetween } from "@/lib/time";
import { countText } from "@/lib/amounts";
import { Card, Unknown } from "./Card";
import css from "./device.module.css";

const colours: Record<string, Role> = {
  process: "kindProcess",
  network: "kindNetwork",
  file: "kindFile",
  registry: "kindRegistry",
  logon: "kindLogon",
};
const width = 1200;
const height = 64;

function Bars({ overview, deviceId }: { overview: TimelineOverview; deviceId: string }) {
  const whole = Math.max(1, ticksBetween(overview.from, overview.to));
  const scale = (count: number) =>
    overview.square_root
      ? Math.sqrt(count / Math.max(1, overview.peak))
      : count / Math.max(1, overview.peak);
  const wide = Math.max(1, (overview.step / whole) * width - 1);
  return (
    <ul className={css.activity} aria-label="Events by time">
      {overview.bars.map((bar) => {
        const total = bar.counts.reduce((sum, count) => sum + count, 0);
        const tall = scale(total) * height;
        const to = moved(bar.start, BigInt(overview.step));
        let above = 0;
        return (
          <li key={bar.start}>
            <Link
              to={`/devices/${deviceId}/timeline?v=1&from=${bar.start}&to=${to}`}
              className={css.bar}
              tabIndex={-1}
              style={{
                left: `${String((ticksBetween(overview.from, bar.start) / whole) * 100)}%`,
                width: `${String((wide / width) * 100)}%`,
              }}
              aria-label={`${bar.start.slice(11, 16)} UTC: ${countText(total)} events`}
              title={`${bar.start.slice(11, 16)} UTC: ${countText(total)} events`}
            >
              {bar.counts.map((count, kind) => {
                const part = total === 0 ? 0 : (count / total) * tall;
                const bottom = above;
                above += part;
                return (
                  <span
                    key={overview.kinds[kind]}
                    className={css.part}
                    style={{
                      bottom,
                      height: part,
                      background: role(colours[overview.kinds[kind] ?? ""] ?? "kindOther"),
                    }}
                  />
                );
              })}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** The newest day with events; a bar leads to its time in the timeline. */
export function ActivityCard({ deviceId }: { deviceId: string }) {
  const { data, error, isPending, refetch } = useQuery(
    query("getDeviceActivity", { path: { device_id: deviceId } }),
  );
  return (
    <Card
      title="Activity"
      note={data ? `${dateText(data.from, "utc")}, events per ${data.step_name}, UTC` : undefined}
      columns={12}
      link={
        data &&
        data.rows > 0 && (
          <Link to={`/devices/${deviceId}/timeline?v=1&from=${data.from}&to=${data.to}`}>
            Open in the timeline
          </Link>
        )
      }
    >
      {isPending && <StateBlock kind="loading" title="Counting the events of the newest day." />}
      {error && (
        <ErrorState what="Activity could not be read" error={error} retry={() => void refetch()} />
      )}
      {data && data.rows === 0 && <Unknown>No events of this device are stored.</Unknown>}
      {data && data.rows > 0 && (
        <>
          <Bars overview={data} deviceId={deviceId} />
          <p className={css.axis}>
            {[0, 4, 8, 12, 16, 20, 24].map((at) => (
              <span key={at}>{String(at).padStart(2, "0")}:00</span>
            ))}
          </p>
        </>
      )}
    </Card>
  );
}
