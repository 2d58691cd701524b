import { Link } from "react-router";
import type { DeviceList } from "@/api/gen/api";
import { Instant } from "@/components/Instant";
import { Tag } from "@/components/Tag";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import css from "./start.module.css";

/** Devices that were heard of last. */
export function NewestDevices({ list }: { list: DeviceList }) {
  const { items, counters } = list;
  const total = counters?.total ?? list.total;
  return (
    <section className={css.card} aria-labelledby="start-devices">
      <div className={css.cardHead}>
        <h2 id="start-devices">Devices, last seen first</h2>
        <span className={css.grow} />
        {total !== undefined && <Link to="/devices">All {countText(total)}</Link>}
      </div>
      {counters && (
        <dl className={css.counters}>
          <div>
            <dt>New in 7 days</dt>
            <dd>{countText(counters.new_in_week)}</dd>
          </div>
          <div>
            <dt>Silent now</dt>
            <dd>{countText(counters.silent)}</dd>
          </div>
          <div>
            <dt>Logs only</dt>
            <dd>{countText(counters.logs_only)}</dd>
          </div>
          <div>
            <dt>Internet-facing</dt>
            <dd>{countText(counters.internet_facing)}</dd>
          </div>
        </dl>
      )}
      {items.length === 0 ? (
        <p className={css.none}>No device yet. Import event logs or connect a source.</p>
      ) : (
        <ul>
          {items.map((device) => (
            <li key={device.device_id} className={css.line}>
              <Link to={`/devices/${encodeURIComponent(device.device_id)}/overview`}>
                <Value text={device.name} kind="name" cut="end" />
              </Link>
              <span className={css.tags}>
                {device.tags.slice(0, 3).map((tag) => (
                  <Tag key={tag}>
                    <Value text={tag} cut="end" />
                  </Tag>
                ))}
              </span>
              <Link to={`/devices/${encodeURIComponent(device.device_id)}/timeline`}>Timeline</Link>
              <span className={css.when}>
                <Instant time={device.last_seen} relative />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
