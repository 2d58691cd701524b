import { Button } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { call } from "@/api/call";
import { useSession } from "@/app/session";
import { CopyButton } from "@/components/CopyButton";
import css from "./start.module.css";

/** How a program hands over events. */
export function sendCommand(origin: string): string {
  return [
    "curl --cacert server.crt \\",
    '  -H "Authorization: Bearer $SPOOR_TOKEN" \\',
    "  -H 'Content-Type: application/xml' \\",
    "  --data-binary @events.xml \\",
    `  ${origin}/api/ingest/winlog`,
  ].join("\n");
}

/** The ways by which records come in. */
export function FirstSteps() {
  const { may } = useSession();
  const command = sendCommand(window.location.origin);
  return (
    <div className={css.doors}>
      <section className={css.card} aria-labelledby="door-import">
        <h2 id="door-import">Drop event logs</h2>
        <p>
          Windows event logs (EVTX), Windows events as XML and archives of them. The devices in them
          appear by themselves.
        </p>
        {may("import.run") ? (
          <p>
            <Link to="/import">Go to Import</Link>
          </p>
        ) : (
          <p className={css.muted}>Importing needs the permission import.run.</p>
        )}
      </section>
      <section className={css.card} aria-labelledby="door-source">
        <h2 id="door-source">Connect a source</h2>
        <p>
          A program sends Windows events as XML or NDJSON while they happen. It needs a token with
          the scope collector
          {may("tokens.manage_own") ? (
            <>
              : <Link to="/settings/tokens">make one</Link>.
            </>
          ) : (
            ", which an administrator makes."
          )}
        </p>
        <div className={css.command}>
          <pre className="mono" tabIndex={0} aria-label="Command that sends events">
            {command}
          </pre>
          <CopyButton text={command} label="Copy the command" />
        </div>
        <p className={css.small}>
          server.crt is the certificate in the folder tls of the data folder. Sending the same again
          stores nothing twice.
        </p>
      </section>
      <SampleDoor />
    </div>
  );
}

/** Logs of an invented incident, for those who have none at hand. */
function SampleDoor() {
  const { may } = useSession();
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: () => call("startSampleImport", {}),
    onSuccess: (job) => navigate(`/import/${job.id}`),
  });
  return (
    <section className={css.card} aria-labelledby="door-sample">
      <h2 id="door-sample">Look at sample logs</h2>
      <p>
        Two devices and an attack in 23 records, all of it invented. Removing the import takes the
        records away again.
      </p>
      <p>
        <Button
          disabled={!may("import.run") || start.isPending}
          title={may("import.run") ? undefined : "Needs the permission import.run"}
          onClick={() => {
            start.mutate();
          }}
        >
          Import the sample logs
        </Button>
      </p>
      {start.error && <p role="alert">The sample was not imported: {start.error.message}</p>}
    </section>
  );
}
