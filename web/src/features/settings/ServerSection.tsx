import { useQuery } from "@tanstack/react-query";
import { query } from "@/api/call";
import type { Setting } from "@/api/gen/api";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Tag } from "@/components/Tag";
import { Value } from "@/components/Value";
import css from "./settings.module.css";

const origins: Record<string, string> = {
  default: "default",
  file: "from the configuration file",
  environment: "from the environment",
  flag: "from the command line",
};

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
  const { data, error, isPending, refetch } = useQuery(query("listSettings", {}));
  return (
    <>
      <h1>Retention and server</h1>
      <p className={css.hint}>
        These stand in the configuration of the server: its file, its environment or its command
        line. They are changed there, and hold from its next start on. Secrets are never among them.
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
            {list.map(({ key, value, origin, doc }) => (
              <div key={key} className={css.setting}>
                <div>
                  <div className={`${css.name} mono`}>{key}</div>
                  <div className={css.small}>{doc}.</div>
                </div>
                <div className={css.row}>
                  {value === "" ? (
                    <span className={css.hint}>empty</span>
                  ) : (
                    <Value text={value} kind="mono" />
                  )}
                  <Tag tone={origin === "default" ? "neutral" : "brand"}>
                    {origins[origin] ?? origin}
                  </Tag>
                </div>
              </div>
            ))}
          </section>
        ))
      )}
    </>
  );
}
