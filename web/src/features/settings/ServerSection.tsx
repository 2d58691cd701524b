import { useQuery } from "@tanstack/react-query";
import { query } from "@/api/call";
import type { Setting } from "@/api/gen/api";
import { useSession } from "@/app/session";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { ServerSetting } from "./ServerSetting";
import css from "./settings.module.css";

const groups: readonly (readonly [prefix: string, title: string])[] = [
  ["retention.", "Retention"],
  ["sessions.", "Sessions"],
  ["ingest.", "Incoming data"],
  ["engine.", "Telemetry engine"],
  ["limits.", "Limits"],
  ["server.", "Server"],
  ["log.", "Log of the server"],
  ["metrics.", "Metrics"],
];

function group(settings: readonly Setting[]): [string, Setting[]][] {
  const named = groups.map(([prefix, title]): [string, Setting[]] => [
    title,
    settings.filter(({ key }) => key.startsWith(prefix)),
  ]);
  const rest = settings.filter(({ key }) => !groups.some(([prefix]) => key.startsWith(prefix)));
  return [...named, ["Other", rest] as [string, Setting[]]].filter(([, list]) => list.length > 0);
}

/** What the server runs with, and where each value was given. */
export function ServerSection() {
  const permitted = useSession().may("settings.write");
  const { data, error, isPending, refetch } = useQuery(query("listSettings", {}));
  return (
    <>
      <h1>Retention and server</h1>
      <p className={css.hint}>
        What is changed here holds at once and from then on. What the configuration file, the
        environment or the command line of the server give comes before it. Secrets are never among
        these.
        {!permitted && " Your role may read them; an administrator may change them."}
      </p>
      {error && !data ? (
        <ErrorState
          what="The settings could not be read"
          error={error}
          retry={() => void refetch()}
        />
      ) : isPending ? (
        <StateBlock kind="loading" title="Reading the settings." />
      ) : (
        group(data.items).map(([title, list]) => (
          <section key={title} className={css.card} aria-label={title}>
            <h2>{title}</h2>
            {list.map((setting) => (
              <ServerSetting key={setting.key} setting={setting} permitted={permitted} />
            ))}
          </section>
        ))
      )}
    </>
  );
}
