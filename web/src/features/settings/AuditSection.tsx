import { Button, Field, Input } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { query } from "@/api/call";
import type { AuditEntry } from "@/api/gen/api";
import { CopyButton } from "@/components/CopyButton";
import { DataGrid, type Column } from "@/components/grid";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { StatusDot, type Status } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import { defineUrl, text, useUrlState, word } from "@/lib/urlState";
import { useList } from "@/lib/useList";
import css from "./settings.module.css";

const date = /^\d{4}-\d{2}-\d{2}$/;
const url = defineUrl({
  actor: text(256),
  action: text(128),
  object: text(256),
  from: word(date),
  to: word(date),
  sel: word(/^\d{1,19}$/),
});

const outcomes: Record<AuditEntry["outcome"], { status: Status; text: string }> = {
  done: { status: "good", text: "Done" },
  refused: { status: "warning", text: "Refused" },
  failed: { status: "bad", text: "Failed" },
};

const columns: readonly Column<AuditEntry>[] = [
  {
    id: "time",
    header: "Time",
    width: 180,
    cell: (entry) => <Instant time={entry.time} dateToo />,
  },
  {
    id: "actor",
    header: "Who",
    width: 130,
    cell: (entry) => <Value text={entry.actor} kind="name" cut="end" />,
  },
  { id: "action", header: "Action", width: 150, cell: (entry) => entry.action },
  {
    id: "object",
    header: "Object",
    width: 170,
    cell: (entry) => <Value text={entry.object} cut="end" />,
  },
  {
    id: "detail",
    header: "Detail",
    width: 160,
    flex: true,
    cell: (entry) => {
      const detail = JSON.stringify(entry.detail);
      return detail === "{}" ? null : <Value text={detail.slice(0, 500)} kind="mono" cut="end" />;
    },
  },
  {
    id: "address",
    header: "From",
    width: 130,
    cell: (entry) => <Value text={entry.address} kind="mono" cut="end" />,
  },
  {
    id: "outcome",
    header: "Outcome",
    width: 104,
    cell: (entry) => {
      const { status, text: words } = outcomes[entry.outcome];
      return <StatusDot status={status}>{words}</StatusDot>;
    },
  },
];

function Filter({
  label,
  value,
  type = "text",
  onSet,
}: {
  label: string;
  value: string;
  type?: "text" | "date";
  onSet: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setTyped(value);
  }
  return (
    <Field label={label} size="small">
      <Input
        size="small"
        type={type}
        value={typed}
        spellCheck={false}
        onChange={(_, data) => {
          setTyped(data.value);
          if (type === "date") onSet(data.value);
        }}
        onBlur={() => {
          onSet(typed.trim());
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onSet(typed.trim());
        }}
      />
    </Field>
  );
}

/** Who did what. Nothing here can be changed. */
export function AuditSection() {
  const [state, change] = useUrlState(url);
  const { actor, action, object, from, to, sel } = state;
  const filter = {
    ...(actor === "" ? {} : { actor }),
    ...(action === "" ? {} : { action }),
    ...(object === "" ? {} : { object }),
    ...(from === null ? {} : { from }),
    // The whole of that day
    ...(to === null ? {} : { to: `${to}T23:59:59.9999999Z` }),
  };
  const isFiltered = Object.keys(filter).length > 0;
  const list = useList("listAudit", { query: { ...filter, limit: 100 } });
  const [active, setActive] = useState<string | null>(null);
  const items = useMemo(
    () => list.items.map((row) => ({ kind: "row" as const, id: row.id, row })),
    [list.items],
  );
  const newest = useQuery({
    ...query("listAudit", { query: { ...filter, limit: 100 } }),
    refetchInterval: 30_000,
    enabled: !list.isPending,
  });
  const top = BigInt(items[0]?.id ?? "0");
  const newer = (newest.data?.items ?? []).filter(({ id }) => BigInt(id) > top).length;
  const opened = list.items.find(({ id }) => id === sel);
  const set = (part: Partial<typeof state>) => {
    change({ ...part, sel: null });
  };

  return (
    <div className={css.audit}>
      <div className={css.filters} role="search" aria-label="Audit log">
        <h1>Audit log</h1>
        <Filter
          label="Who"
          value={actor}
          onSet={(value) => {
            set({ actor: value });
          }}
        />
        <Filter
          label="Action begins with"
          value={action}
          onSet={(value) => {
            set({ action: value });
          }}
        />
        <Filter
          label="Object"
          value={object}
          onSet={(value) => {
            set({ object: value });
          }}
        />
        <Filter
          label="From (UTC)"
          type="date"
          value={from ?? ""}
          onSet={(value) => {
            set({ from: date.test(value) ? value : null });
          }}
        />
        <Filter
          label="To (UTC)"
          type="date"
          value={to ?? ""}
          onSet={(value) => {
            set({ to: date.test(value) ? value : null });
          }}
        />
        {isFiltered && (
          <Button
            size="small"
            onClick={() => {
              set({ actor: "", action: "", object: "", from: null, to: null });
            }}
          >
            Clear the filters
          </Button>
        )}
        <span className={css.grow} />
        {newer > 0 && (
          <Button size="small" appearance="primary" onClick={list.refetch}>
            {newer >= 100 ? "100 or more" : countText(newer)} newer. Show
          </Button>
        )}
      </div>
      {list.error && items.length === 0 ? (
        <ErrorState
          what="The audit log could not be read"
          error={list.error}
          retry={list.refetch}
        />
      ) : list.isPending ? (
        <StateBlock kind="loading" title="Reading the audit log." />
      ) : items.length === 0 ? (
        <StateBlock
          kind="empty"
          title={isFiltered ? "No entry matches these filters." : "The audit log is empty."}
        />
      ) : (
        <DataGrid
          label="Audit log, newest first"
          columns={columns}
          items={items}
          total={list.isWhole ? items.length : null}
          rowName={(entry) =>
            [entry.time, entry.actor, entry.action, entry.object, outcomes[entry.outcome].text]
              .filter((part) => part !== "")
              .join(", ")
          }
          activeId={active ?? sel ?? items[0]?.id ?? null}
          onActive={setActive}
          onOpen={({ id }) => {
            change({ sel: id === sel ? null : id });
          }}
          onNearEnd={list.more}
        />
      )}
      {opened && (
        <section className={css.below} aria-label="Entry as JSON">
          <div className={css.belowHead}>
            <b>Entry {opened.id}</b>
            <span className={css.grow} />
            <CopyButton text={() => JSON.stringify(opened, null, 2)} label="Copy as JSON" />
            <Button
              size="small"
              appearance="transparent"
              icon={<DismissRegular />}
              aria-label="Close the entry"
              onClick={() => {
                change({ sel: null });
              }}
            />
          </div>
          <pre className={`${css.json} mono`} tabIndex={0}>
            {JSON.stringify(opened, null, 2)
              .split("\n")
              .map((line, at) => (
                <div key={at}>
                  <Value text={line} kind="mono" />
                </div>
              ))}
          </pre>
        </section>
      )}
    </div>
  );
}
