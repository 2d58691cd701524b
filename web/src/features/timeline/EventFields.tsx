// All fields of an event as its table has them; empty ones are folded.
import { Input, makeStyles, Switch } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons";
import { useState } from "react";
import type { Event, EventRow } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Instant } from "@/components/Instant";
import { Value } from "@/components/Value";

const useStyles = makeStyles({
  bar: { display: "flex", gap: "8px", alignItems: "center", marginBottom: "8px" },
  search: { flex: 1, minWidth: 0 },
  heading: { fontSize: "12px", fontWeight: 600, color: role("text2"), margin: "12px 0 4px" },
  list: {
    display: "grid",
    gridTemplateColumns: "minmax(110px, 38%) minmax(0, 1fr)",
    fontSize: "12px",
    lineHeight: "18px",
    "& dt": { color: role("text3"), padding: "3px 8px 3px 0", overflowWrap: "anywhere" },
    "& dd": { padding: "3px 0", minWidth: 0, borderBottom: `1px solid ${role("stroke")}` },
    "& dt ": { borderBottom: `1px solid ${role("stroke")}` },
  },
  empty: { color: role("text3"), fontSize: "12px", padding: "8px 0" },
});

/** A field's value as text; objects as JSON. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}

const monoNames = /CommandLine|SHA|MD5|Registry|Key$|^Data$|AdditionalFields|FolderPath/;

export interface FieldActs {
  onOnly: (field: string, value: string) => void;
  onExclude: (field: string, value: string) => void;
}

function Fields({
  table,
  words,
  empty,
  acts,
}: {
  table: EventRow;
  words: string;
  empty: boolean;
  acts: FieldActs;
}) {
  const styles = useStyles();
  const lower = words.toLowerCase();
  const fields = table.fields
    .map((field) => ({ ...field, text: fieldText(field.value) }))
    .filter(
      (field) =>
        (empty || field.text !== "") &&
        (lower === "" ||
          field.name.toLowerCase().includes(lower) ||
          field.text.toLowerCase().includes(lower)),
    );
  return (
    <section aria-label={table.table}>
      <h3 className={styles.heading}>{table.table}</h3>
      {fields.length === 0 ? (
        <p className={styles.empty}>No field matches.</p>
      ) : (
        <dl className={styles.list}>
          {fields.map((field) => (
            <FieldRow key={field.name} field={field} acts={acts} />
          ))}
        </dl>
      )}
    </section>
  );
}

function FieldRow({
  field,
  acts,
}: {
  field: EventRow["fields"][number] & { text: string };
  acts: FieldActs;
}) {
  const { name, type, text, is_hidden } = field;
  const scalar = type !== "dynamic" && text !== "" && text.length < 500;
  return (
    <>
      <dt title={is_hidden ? "Not part of the hunting schema's `*`" : undefined}>{name}</dt>
      <dd>
        {text === "" ? (
          "none"
        ) : type === "datetime" ? (
          <Instant time={text} precision="full" dateToo />
        ) : (
          <Value
            text={text}
            kind={monoNames.test(name) ? "mono" : "plain"}
            field={name}
            onOnly={
              scalar
                ? () => {
                    acts.onOnly(name, text);
                  }
                : undefined
            }
            onExclude={
              scalar
                ? () => {
                    acts.onExclude(name, text);
                  }
                : undefined
            }
          />
        )}
      </dd>
    </>
  );
}

export function EventFields({ event, acts }: { event: Event; acts: FieldActs }) {
  const styles = useStyles();
  const [words, setWords] = useState("");
  const [empty, setEmpty] = useState(false);
  const tables = [...event.tables, ...event.techniques, ...event.evidence];
  return (
    <>
      <div className={styles.bar}>
        <Input
          className={styles.search}
          size="small"
          type="search"
          aria-label="Find a field"
          placeholder="Find a field or value"
          contentBefore={<SearchRegular fontSize={14} />}
          value={words}
          onChange={(_, data) => {
            setWords(data.value);
          }}
        />
        <Switch
          label="Empty ones"
          checked={empty}
          onChange={(_, data) => {
            setEmpty(data.checked);
          }}
        />
      </div>
      {tables.length === 0 && (
        <p className={styles.empty}>
          No table of hunting has this event; its original record is all there is.
        </p>
      )}
      {tables.map((table, index) => (
        <Fields
          key={`${table.table}-${String(index)}`}
          table={table}
          words={words}
          empty={empty}
          acts={acts}
        />
      ))}
    </>
  );
}
