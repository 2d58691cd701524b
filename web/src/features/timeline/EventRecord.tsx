// The record as the source wrote it, with where it stands.
import { Button, makeStyles } from "@fluentui/react-components";
import { ArrowDownloadRegular, CopyRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import type { EventRow } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Value } from "@/components/Value";
import { copyText } from "@/lib/hostile";
import { saveAs } from "@/lib/saveAs";
import { fieldText } from "./EventFields";

const useStyles = makeStyles({
  facts: {
    display: "grid",
    gridTemplateColumns: "110px minmax(0, 1fr)",
    gap: "2px 8px",
    fontSize: "12px",
    "& dt": { color: role("text3") },
    marginBottom: "10px",
  },
  bar: { display: "flex", gap: "6px", marginBottom: "8px" },
  code: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    padding: "8px 0",
    background: role("sunken"),
    borderRadius: "4px",
    fontSize: "12px",
    lineHeight: "17px",
  },
  number: {
    padding: "0 10px 0 8px",
    color: role("text3"),
    textAlign: "right",
    userSelect: "none",
    fontFamily: "var(--fontMono)",
  },
  text: { whiteSpace: "pre-wrap", paddingRight: "8px" },
});

const facts = [
  "SourceKind",
  "Channel",
  "Provider",
  "SourceEventId",
  "RecordNumber",
  "EventVersion",
  "Level",
  "Task",
  "Opcode",
  "Keywords",
  "ExecutionProcessId",
  "ExecutionThreadId",
  "UserSid",
  "ActivityId",
  "SourceFile",
  "SourceOffset",
  "ReportedBy",
  "JobId",
  "Carved",
];
/** Lines laid out at most before the rest is asked for */
const linesShown = 400;

/** The record's own data as indented JSON; a text that is no JSON as it is. */
export function recordText(record: EventRow): string {
  const data = record.fields.find((field) => field.name === "Data")?.value;
  if (typeof data === "string") {
    try {
      return JSON.stringify(JSON.parse(data), null, 2);
    } catch {
      return data;
    }
  }
  return JSON.stringify(data ?? null, null, 2);
}

export function EventRecord({ record, name }: { record: EventRow; name: string }) {
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const text = useMemo(() => recordText(record), [record]);
  const lines = text.split("\n");
  const shown = all ? lines : lines.slice(0, linesShown);
  const known = record.fields.filter(
    (field) => facts.includes(field.name) && fieldText(field.value) !== "",
  );
  return (
    <>
      <dl className={styles.facts}>
        {known.map((field) => (
          <div key={field.name} style={{ display: "contents" }}>
            <dt>{field.name}</dt>
            <dd>
              <Value text={fieldText(field.value)} menu />
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles.bar}>
        <Button
          size="small"
          icon={<CopyRegular />}
          onClick={() => void navigator.clipboard.writeText(copyText(text))}
        >
          Copy the record
        </Button>
        <Button
          size="small"
          icon={<ArrowDownloadRegular />}
          onClick={() => {
            saveAs(new Blob([text], { type: "application/octet-stream" }), `${name}.json`);
          }}
        >
          Download
        </Button>
      </div>
      <div className={styles.code}>
        {shown.map((line, index) => (
          <div key={String(index)} style={{ display: "contents" }}>
            <span className={styles.number} aria-hidden>
              {index + 1}
            </span>
            <span className={styles.text}>
              <Value
                text={line.replace(/^ +/, (blanks) => "\u2007".repeat(blanks.length))}
                kind="mono"
              />
            </span>
          </div>
        ))}
      </div>
      {lines.length > shown.length && (
        <Button
          size="small"
          appearance="transparent"
          onClick={() => {
            setAll(true);
          }}
        >{`Show all ${String(lines.length)} lines`}</Button>
      )}
    </>
  );
}
