import { useQuery } from "@tanstack/react-query";
import { GlobeRegular } from "@fluentui/react-icons";
import { query } from "@/api/call";
import type { DeviceRow } from "@/api/gen/api";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Tag } from "@/components/Tag";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import { Card, Unknown } from "./Card";
import css from "./device.module.css";

export function NetworkCard({ device }: { device: DeviceRow }) {
  const { data, error, isPending, refetch } = useQuery(
    query("listDevicePeers", { path: { device_id: device.device_id }, query: {} }),
  );
  const facing = device.is_internet_facing;
  return (
    <Card title="Network" note="peers, the newest in the fleet first" columns={6}>
      {facing === true && <Tag tone="system">internet-facing</Tag>}
      {isPending && <StateBlock kind="loading" title="Reading the peers." />}
      {error && (
        <ErrorState what="Peers could not be read" error={error} retry={() => void refetch()} />
      )}
      {data && (
        <>
          <Unknown>
            {data.inbound_public === 0
              ? "No inbound connection from outside is recorded"
              : `${countText(data.inbound_public)} connections from public addresses`}
            {facing === null ? "; whether it faces the internet is not known." : "."}
          </Unknown>
          <ul className={css.lines}>
            {data.items.map((peer) => (
              <li key={peer.address}>
                <GlobeRegular fontSize={16} aria-hidden />
                <Value
                  text={
                    peer.ports.length === 1
                      ? `${peer.address}:${String(peer.ports[0])}`
                      : peer.address
                  }
                  kind="name"
                  cut="end"
                />
                <Value text={peer.names.join(", ")} cut="end" />
                <span className={css.end}>
                  {peer.fleet_first === null ? (
                    "first seen not known"
                  ) : (
                    <>
                      first in fleet <Instant time={peer.fleet_first} dateToo />
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
          {data.peer_count === 0 && <Unknown>No connection is recorded in 30 days.</Unknown>}
          {data.peer_count > data.items.length && (
            <Unknown>{countText(data.peer_count - data.items.length)} more</Unknown>
          )}
        </>
      )}
    </Card>
  );
}
