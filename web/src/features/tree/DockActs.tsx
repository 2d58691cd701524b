// One list of the dock: what a process did of one kind, the first of it, each a way to its place in the timeline.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { query } from "@/api/call";
import { Instant } from "@/components/Instant";
import { Sentence } from "@/components/Sentence";
import { countText } from "@/lib/amounts";
import { timelineLink } from "./state";
import css from "./tree.module.css";

/** Acts that a list shows */
const shown = 20;

export interface DockActsProps {
  deviceId: string;
  process: string;
  title: string;
  icon: ReactNode;
  /** Event groups of the list */
  groups: readonly string[];
  /** Further terms of the filter */
  filter?: string;
}

export function DockActs({ deviceId, process, title, icon, groups, filter }: DockActsProps) {
  const terms = [`InitiatingProcessKey:${process}`, ...(filter === undefined ? [] : [filter])];
  const within = { q: terms.join(" "), groups: [...groups] };
  const path = { device_id: deviceId };
  const rows = useQuery({
    ...query("getTimeline", { path, query: { ...within, limit: shown, start: "oldest" } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const more = (rows.data?.next ?? null) !== null;
  const count = useQuery({
    ...query("countTimeline", { path, query: within }),
    enabled: more && !rows.isPlaceholderData,
    staleTime: 60_000,
  });
  const items = (rows.data?.items ?? []).filter((row) => !row.is_technique);
  const total = more ? count.data?.rows : items.length;
  const link = `${timelineLink(deviceId, terms.join(" "))}&g=${groups.join(",")}`;
  return (
    <section
      className={css.column}
      tabIndex={0}
      aria-label={title}
      aria-busy={rows.isPlaceholderData}
    >
      <h3>
        {icon}
        {title}
        {total !== undefined && rows.data && <span>{countText(total)}</span>}
      </h3>
      {rows.error ? (
        <p className={css.quiet}>{`Could not be read: ${rows.error.message}`}</p>
      ) : !rows.data ? (
        <p className={css.quiet}>Reading…</p>
      ) : items.length === 0 ? (
        <p className={css.quiet}>None recorded</p>
      ) : (
        <ul>
          {items.map((row) => (
            <li key={row.EventId} className={css.act}>
              <Link
                to={`${link}&sel=${row.Timestamp}~${row.EventId}`}
                title="Go to this event in the timeline"
              >
                <Instant time={row.Timestamp} />
              </Link>
              <Sentence row={row} withoutActor />
            </li>
          ))}
        </ul>
      )}
      {more && (
        <Link className={css.link} to={link}>
          {total === undefined ? "All in the timeline" : `${countText(total - items.length)} more`}
        </Link>
      )}
    </section>
  );
}
