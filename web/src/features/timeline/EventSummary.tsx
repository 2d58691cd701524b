// What matters of an event first: alerts, techniques, command line, note, the processes around it, facts of its object.
import { makeStyles } from "@fluentui/react-components";
import type { Event, EventRow } from "@/api/gen/api";
import { role } from "@/app/theme";
import { CommandLine } from "@/components/CommandLine";
import { decodeCommand } from "@/lib/commandLine";
import { isTechnique, TechniqueBadge } from "@/components/TechniqueBadge";
import { Value } from "@/components/Value";
import { severityOf } from "./columns";
import { fieldText, type FieldActs } from "./EventFields";
import { EntityGraph } from "./EntityGraph";
import { EventTree } from "./EventTree";
import { Prevalence } from "./Prevalence";
import { subjectOf } from "./trail";

const useStyles = makeStyles({
  card: {
    padding: "8px 10px",
    border: `1px solid ${role("stroke")}`,
    borderLeft: `3px solid ${role("severityHighMark")}`,
    borderRadius: "4px",
    marginBottom: "10px",
  },
  heading: {
    fontSize: "12px",
    lineHeight: "16px",
    fontWeight: 600,
    color: role("text2"),
    margin: "12px 0 4px",
  },
  techniques: { display: "flex", flexWrap: "wrap", gap: "6px", alignItems: "center" },
  facts: {
    display: "grid",
    gridTemplateColumns: "110px minmax(0, 1fr)",
    gap: "4px 8px",
    alignItems: "baseline",
    fontSize: "12px",
    lineHeight: "18px",
    "& dt": { color: role("text3") },
  },
  small: { fontSize: "12px", color: role("text2") },
});

/** Facts that are shown of an event where it has them, in this order. */
const factNames: readonly (readonly [field: string, label: string])[] = [
  ["FolderPath", "Path"],
  ["SHA256", "SHA-256"],
  ["SHA1", "SHA-1"],
  ["ProcessId", "Process id"],
  ["ProcessIntegrityLevel", "Integrity"],
  ["RegistryKey", "Key"],
  ["RegistryValueName", "Value"],
  ["RegistryValueData", "Data"],
  ["PreviousRegistryValueData", "Data before"],
  ["RemoteIP", "Remote address"],
  ["RemotePort", "Remote port"],
  ["RemoteUrl", "Remote name"],
  ["LocalIP", "Local address"],
  ["LocalPort", "Local port"],
  ["Protocol", "Protocol"],
  ["LogonType", "Kind of logon"],
  ["AccountDomain", "Domain"],
  ["AccountName", "Account"],
  ["AccountSid", "Account's SID"],
  ["LogonId", "Logon session"],
  ["FailureReason", "Why it failed"],
  ["RemoteDeviceName", "Remote device"],
  ["InitiatingProcessFileName", "Acting process"],
  ["InitiatingProcessId", "Its id"],
  ["InitiatingProcessFolderPath", "Its path"],
  ["InitiatingProcessCommandLine", "Its command line"],
  ["InitiatingProcessSHA256", "Its SHA-256"],
  ["InitiatingProcessParentFileName", "Its parent"],
  ["InitiatingProcessAccountName", "Its account"],
  ["AdditionalFields", "More"],
];

const lookUp = (table: EventRow | undefined, name: string) =>
  fieldText(table?.fields.find((field) => field.name === name)?.value);

export function EventSummary({
  event,
  deviceId,
  note,
  acts,
}: {
  event: Event;
  deviceId: string;
  note: string;
  acts: FieldActs;
}) {
  const styles = useStyles();
  const { row } = event;
  const [table] = event.tables;
  const command = lookUp(table, "ProcessCommandLine");
  // Of a plain one the facts below say as much.
  const acted = lookUp(table, "InitiatingProcessCommandLine");
  const actorCommand = decodeCommand(acted).length > 0 ? acted : "";
  const subject = subjectOf(row);
  const facts = factNames
    .map(([field, label]) => ({ field, label, text: lookUp(table, field) }))
    .filter(({ text }) => text !== "" && text !== "{}" && text !== "0");
  return (
    <>
      {row.alerts.map((alert) => {
        const { shape, key } = severityOf(alert.severity);
        return (
          <section key={alert.id} className={styles.card} aria-label={`Alert, ${key}`}>
            <Value text={alert.title === "" ? alert.id : alert.title} kind="name" />
            <p className={styles.small}>
              {`${shape} `}
              <Value text={alert.severity} /> <Value text={alert.category} />
            </p>
          </section>
        );
      })}
      {note !== "" && (
        <section aria-label="Note">
          <h3 className={styles.heading}>Note</h3>
          <p className={styles.small}>
            <Value text={note} />
          </p>
        </section>
      )}
      {row.Techniques.length > 0 && (
        <section aria-label="Techniques">
          <h3 className={styles.heading}>Techniques</h3>
          <div className={styles.techniques}>
            {event.techniques.map((technique, index) => {
              const id = lookUp(technique, "TechniqueId");
              return (
                <span key={`${id}-${String(index)}`} className={styles.techniques}>
                  <TechniqueBadge id={id} />
                  <Value text={lookUp(technique, "TechniqueName")} />
                </span>
              );
            })}
            {event.techniques.length === 0 &&
              row.Techniques.filter(isTechnique).map((id) => <TechniqueBadge key={id} id={id} />)}
          </div>
        </section>
      )}
      {command !== "" && (
        <CommandLine
          text={command}
          field="ProcessCommandLine"
          onOnly={() => {
            acts.onOnly("ProcessCommandLine", command);
          }}
        />
      )}
      {actorCommand !== "" && (
        <CommandLine text={actorCommand} name="Command line of the acting process" />
      )}
      <EntityGraph event={event} acts={acts} />
      {subject !== null && (
        <section aria-label="Process tree">
          <h3 className={styles.heading}>Process tree</h3>
          <EventTree deviceId={deviceId} process={subject} most={4} />
        </section>
      )}
      <Prevalence key={`${row.Timestamp}~${row.EventId}`} event={event} />
      <section aria-label="Facts">
        <h3 className={styles.heading}>Facts</h3>
        {facts.length === 0 ? (
          <p className={styles.small}>
            Nothing more is recorded in a table; see the original record.
          </p>
        ) : (
          <dl className={styles.facts}>
            {facts.map(({ field, label, text }) => (
              <div key={field} style={{ display: "contents" }}>
                <dt>{label}</dt>
                <dd>
                  <Value
                    text={text}
                    kind={/SHA|Command|Key|Data|Path|Fields/.test(field) ? "mono" : "plain"}
                    field={field}
                    onOnly={() => {
                      acts.onOnly(field, text);
                    }}
                    onExclude={() => {
                      acts.onExclude(field, text);
                    }}
                  />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </section>
    </>
  );
}
