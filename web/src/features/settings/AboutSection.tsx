import { useQuery } from "@tanstack/react-query";
import { query } from "@/api/call";
import { useSession } from "@/app/session";
import { Value } from "@/components/Value";
import css from "./settings.module.css";

/** Parts of others that the pages are made with. */
const parts: readonly (readonly [name: string, licence: string])[] = [
  ["React, React DOM, React Router", "MIT"],
  ["Fluent UI React components and icons", "MIT"],
  ["TanStack Query, Table, Virtual", "MIT"],
  ["Apache ECharts", "Apache-2.0"],
  ["Zod", "MIT"],
  ["Cascadia Mono", "OFL-1.1"],
];

export function AboutSection() {
  const { may } = useSession();
  const contract = useQuery({ ...query("getOpenApi", {}), staleTime: Infinity });
  const welcome = useQuery({ ...query("getWelcome", {}), staleTime: Infinity });
  const schema = useQuery({
    ...query("getSchema", {}),
    staleTime: Infinity,
    enabled: may("schema.read"),
  });
  const info = contract.data?.["info"];
  const version =
    typeof info === "object" && info !== null && "version" in info ? String(info.version) : null;
  const facts: readonly (readonly [string, string])[] = [
    ["Version of Spoor", welcome.data?.version ?? (welcome.isPending ? "…" : "not known")],
    ["Version of the API", version ?? (contract.isPending ? "…" : "not known")],
    [
      "Version of the hunting schema",
      schema.data
        ? `${String(schema.data.version)}, ${String(schema.data.tables.length)} tables`
        : may("schema.read")
          ? schema.isPending
            ? "…"
            : "not known"
          : "needs the permission schema.read",
    ],
    ["Licence of Spoor", "Apache-2.0"],
  ];
  return (
    <>
      <h1>About</h1>
      <section className={css.card} aria-label="Spoor">
        <h2>Spoor</h2>
        {facts.map(([name, value]) => (
          <div key={name} className={css.setting}>
            <span>{name}</span>
            <span>{value}</span>
          </div>
        ))}
        <div className={css.setting}>
          <div>
            <div>Fingerprint of the certificate</div>
            <div className={css.small}>
              The server prints it at its first start and writes it to its log. Compare it with the
              one that your browser shows for this page.
            </div>
          </div>
          {welcome.data && welcome.data.certificate_fingerprint !== "" ? (
            <Value text={welcome.data.certificate_fingerprint} kind="mono" />
          ) : (
            <span className={css.hint}>
              {welcome.isPending ? "…" : welcome.data ? "no certificate is used" : "not known"}
            </span>
          )}
        </div>
      </section>
      <section className={css.card} aria-label="Licences">
        <h2>What the pages are made with</h2>
        {parts.map(([name, licence]) => (
          <div key={name} className={css.setting}>
            <span>{name}</span>
            <span>{licence}</span>
          </div>
        ))}
      </section>
    </>
  );
}
