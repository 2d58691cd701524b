import { FlagFilled } from "@fluentui/react-icons";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { query } from "@/api/call";
import type { Flag } from "@/api/gen/api";
import { role, type Role } from "@/app/theme";
import { Instant } from "@/components/Instant";
import { Sentence } from "@/components/Sentence";
import { Value } from "@/components/Value";
import css from "./start.module.css";

/** How many are listed. */
const listed = 8;

const colours: Record<string, Role> = {
  red: "flagRed",
  yellow: "flagYellow",
  green: "flagGreen",
  blue: "flagBlue",
};

const eventOf = ({ mark }: Flag) =>
  query("getEvent", {
    path: { device_id: mark.DeviceId, event_id: mark.EventId },
    query: { time: mark.Timestamp },
  });

/** Events that this person flagged, on whatever device: where their work was left. */
export function MyFlags() {
  const { data, error, isPending } = useQuery(query("listMyFlags", { query: { limit: listed } }));
  const flags = data?.items ?? [];
  const events = useQueries({
    queries: flags.map((flag) => ({ ...eventOf(flag), staleTime: Infinity })),
  });
  return (
    <section className={css.card} aria-labelledby="start-flags">
      <div className={css.cardHead}>
        <h2 id="start-flags">Your flags, newest first</h2>
      </div>
      {error && !data ? (
        <p className={css.none} role="alert">
          Your flags could not be read: {error.message}
        </p>
      ) : isPending ? (
        <p className={css.none}>Reading your flags.</p>
      ) : flags.length === 0 ? (
        <p className={css.none}>
          You have flagged no event. Keys 1 to 4 flag the selected row of a timeline.
        </p>
      ) : (
        <ul>
          {flags.map((flag, at) => {
            const { mark, device_id, device_name } = flag;
            const event = events[at];
            const row = event?.data?.row;
            return (
              <li key={`${mark.DeviceId} ${mark.EventId}`} className={css.flag}>
                <FlagFilled
                  fontSize={16}
                  color={role(colours[mark.value] ?? "flagRed")}
                  role="img"
                  aria-label={`Flagged ${mark.value}`}
                />
                <Link
                  className={css.flagged}
                  to={`/devices/${device_id}/timeline?v=1&last=all&at=${mark.Timestamp}~${mark.EventId}&sel=${mark.EventId}`}
                >
                  {row ? (
                    <Sentence row={row} />
                  ) : event?.error ? (
                    "Event that is no longer stored"
                  ) : (
                    "Event"
                  )}
                </Link>
                <span className={css.when}>
                  <Value text={device_name} cut="end" />
                </span>
                <span className={css.when}>
                  <Instant time={mark.Timestamp} dateToo />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
