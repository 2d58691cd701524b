// On how many devices the main things of an event were seen. Asked for when it is shown, given up when it is not.
import { makeStyles } from "@fluentui/react-components";
import { useQueries, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { call, query } from "@/api/call";
import type { Event } from "@/api/gen/api";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import { Instant } from "@/components/Instant";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import { entitiesOf } from "./entities";

const useStyles = makeStyles({
  heading: {
    fontSize: "12px",
    lineHeight: "16px",
    fontWeight: 600,
    color: role("text2"),
    margin: "12px 0 4px",
  },
  list: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 45%) minmax(0, 1fr)",
    gap: "4px 8px",
    fontSize: "12px",
    lineHeight: "18px",
    "& dt": { minWidth: 0, overflow: "hidden", color: role("text3") },
    "& dd": { minWidth: 0, color: role("text2") },
  },
  few: { fontWeight: 600, color: role("text1") },
  small: { fontSize: "12px", color: role("text3") },
});

/** Seconds that a count may take */
const mostSeconds = 10;
const answerRow = z.tuple([z.number(), z.number(), z.string().nullable()]);

export function Prevalence({ event }: { event: Event }) {
  const styles = useStyles();
  const { may } = useSession();
  const entities = entitiesOf(event);
  const permitted = may("query.run");
  const all = useQuery({
    ...query("listDevices", { query: { limit: 1 } }),
    enabled: permitted && entities.length > 0,
    staleTime: 300_000,
    retry: false,
  });
  const answers = useQueries({
    queries: entities.map((entity) => ({
      queryKey: ["prevalence", entity.query],
      enabled: permitted,
      staleTime: 300_000,
      retry: false,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const answer = await call(
          "runQuery",
          { body: { query: entity.query, max_rows: 1, max_seconds: mostSeconds } },
          signal,
        );
        const [devices, events, first] = answerRow.parse(answer.rows[0]);
        return { devices, events, first };
      },
    })),
  });
  if (entities.length === 0) return null;
  const known = all.data?.total ?? null;
  return (
    <section aria-label="Prevalence">
      <h3 className={styles.heading}>Prevalence</h3>
      {!permitted ? (
        <p className={styles.small}>Your role may not run queries, so it is not known.</p>
      ) : (
        <dl className={styles.list}>
          {entities.map((entity, at) => {
            const answer = answers[at];
            return (
              <div key={entity.label} style={{ display: "contents" }}>
                <dt title={entity.label}>
                  <Value
                    text={entity.value}
                    kind={entity.kind === "hash" ? "mono" : "plain"}
                    cut="middle"
                  />
                </dt>
                <dd>
                  {answer?.data ? (
                    <>
                      <span className={answer.data.devices <= 1 ? styles.few : undefined}>
                        {devicesWords(answer.data.devices, known)}
                      </span>
                      {answer.data.first !== null && (
                        <>
                          {", first "}
                          <Instant time={answer.data.first} dateToo />
                        </>
                      )}
                    </>
                  ) : answer?.isError ? (
                    "could not be counted"
                  ) : (
                    "counting"
                  )}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </section>
  );
}

/** "on this device alone", "on 3 of 41 devices". */
export function devicesWords(devices: number, known: number | null): string {
  if (devices === 0) return "in no hunting table";
  if (devices === 1) return "on 1 device alone";
  return known !== null && known >= devices
    ? `on ${countText(devices)} of ${countText(known)} devices`
    : `on ${countText(devices)} devices`;
}
