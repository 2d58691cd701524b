// A process whose start no log holds: what is known of it all the same.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { query } from "@/api/call";
import { StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import { timelineLink, treeLink } from "./state";

export function UnknownProcess({ deviceId, process }: { deviceId: string; process: string }) {
  const navigate = useNavigate();
  const q = `InitiatingProcessKey:${process}`;
  const path = { device_id: deviceId };
  const act = useQuery(query("getTimeline", { path, query: { q, limit: 1, start: "oldest" } }));
  const count = useQuery(query("countTimeline", { path, query: { q } }));
  const row = act.data?.items[0];
  const rows = count.data?.rows ?? 0;
  const all = {
    label: "All processes",
    onClick: () => void navigate(treeLink(deviceId, null)),
  };
  if (act.isPending || count.isPending) {
    return <StateBlock kind="loading" title="Reading what the process did." />;
  }
  if (!row) {
    return (
      <StateBlock
        kind="empty"
        title="Nothing on this device tells of such a process."
        detail="The link may be of another device, or its events were purged."
        action={all}
      />
    );
  }
  return (
    <StateBlock
      kind="empty"
      title={
        <>
          {"The start of "}
          {row.Actor === "" ? "this process" : <Value text={row.Actor} kind="name" />}
          {" is not recorded, and nothing that it started is."}
        </>
      }
      detail="It began before the logs do, or they do not hold starts of processes."
      action={{
        label: rows === 1 ? "See its one known act" : `See its ${countText(rows)} known acts`,
        onClick: () => void navigate(timelineLink(deviceId, q)),
      }}
      second={all}
    />
  );
}
