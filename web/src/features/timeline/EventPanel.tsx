// The panel of the timeline: everything that is known of the selected event.
import { Button, makeStyles, Tooltip } from "@fluentui/react-components";
import { ChevronDownRegular, ChevronUpRegular, CopyRegular } from "@fluentui/react-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { query } from "@/api/call";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { Sentence } from "@/components/Sentence";
import { SidePanel } from "@/components/SidePanel";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { clockText, dateText, zoneName } from "@/lib/time";
import { EventFields, fieldText, type FieldActs } from "./EventFields";
import { EventRecord } from "./EventRecord";
import { EventSummary } from "./EventSummary";
import { EventTree } from "./EventTree";
import type { RowPlace } from "./state";
import { subjectOf } from "./trail";

export type PanelTabId = "summary" | "tree" | "fields" | "record";

const useStyles = makeStyles({
  digits: { color: role("text3") },
  mono: { fontFamily: "var(--fontMono)", fontSize: "12px" },
  action: { whiteSpace: "nowrap" },
  small: { minWidth: "28px", width: "28px", height: "28px", padding: 0 },
  copy: { minWidth: "22px", width: "22px", height: "22px", padding: 0 },
});

export interface EventPanelProps {
  deviceId: string;
  place: RowPlace;
  tab: PanelTabId;
  onTab: (tab: PanelTabId) => void;
  width: number;
  onWidth: (width: number) => void;
  onClose: () => void;
  onStep: (by: 1 | -1) => void;
  actions: ReactNode;
  acts: FieldActs;
}

export function EventPanel(props: EventPanelProps) {
  const { deviceId, place, tab, acts } = props;
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    ...query("getEvent", {
      path: { device_id: deviceId, event_id: place.eventId },
      query: { time: place.time },
    }),
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
  const note = useQuery({
    ...query("listNoteVersions", { path: { device_id: deviceId, event_id: place.eventId } }),
    enabled: data?.row.has_note === true && !isPlaceholderData,
  });
  const clock = clockText(place.time, zone, "full");
  const cut = clock.length > 12 ? 12 : clock.length;
  const subject = data ? subjectOf(data.row) : null;
  const fields = data
    ? [...data.tables, ...data.techniques, ...data.evidence].reduce(
        (sum, table) => sum + table.fields.filter((field) => fieldText(field.value) !== "").length,
        0,
      )
    : undefined;

  return (
    <SidePanel
      label="The selected event"
      title={data ? <Sentence row={data.row} wrap /> : "Event"}
      subtitle={
        <>
          {`${dateText(place.time, zone)} `}
          <span className={styles.mono}>
            {clock.slice(0, cut)}
            <span className={styles.digits}>{clock.slice(cut)}</span>
          </span>
          {` ${zoneName(zone, place.time)} `}
          <Tooltip content="Copy the instant in UTC" relationship="label">
            <Button
              className={styles.copy}
              appearance="subtle"
              size="small"
              icon={<CopyRegular fontSize={14} />}
              onClick={() => void navigator.clipboard.writeText(place.time)}
            />
          </Tooltip>
          {data && (
            <span className={styles.action}>
              <Value text={data.row.ActionType} />
            </span>
          )}
        </>
      }
      actions={props.actions}
      corner={
        <>
          <Button
            className={styles.small}
            appearance="subtle"
            icon={<ChevronUpRegular fontSize={16} />}
            aria-label="Event above"
            onClick={() => {
              props.onStep(-1);
            }}
          />
          <Button
            className={styles.small}
            appearance="subtle"
            icon={<ChevronDownRegular fontSize={16} />}
            aria-label="Event below"
            onClick={() => {
              props.onStep(1);
            }}
          />
        </>
      }
      onClose={props.onClose}
      width={props.width}
      onWidth={props.onWidth}
      tabs={[
        { id: "summary", label: "Summary" },
        { id: "tree", label: "Tree" },
        { id: "fields", label: "All fields", count: fields },
        { id: "record", label: "Original record" },
      ]}
      tab={tab}
      onTab={(id) => {
        props.onTab(id as PanelTabId);
      }}
    >
      {error ? (
        <ErrorState what="The event could not be read" error={error} retry={() => void refetch()} />
      ) : isPending ? (
        <StateBlock kind="loading" title="Reading the event." />
      ) : (
        <div aria-busy={isPlaceholderData}>
          {tab === "summary" && (
            <EventSummary
              event={data}
              deviceId={deviceId}
              note={note.data?.items[0]?.value ?? ""}
              acts={acts}
            />
          )}
          {tab === "tree" &&
            (subject === null ? (
              <StateBlock kind="empty" title="No process is recorded with this event." />
            ) : (
              <EventTree deviceId={deviceId} process={subject} />
            ))}
          {tab === "fields" && <EventFields event={data} acts={acts} />}
          {tab === "record" &&
            (data.original ? (
              <EventRecord record={data.original} name={`event-${place.eventId}`} />
            ) : (
              <StateBlock kind="empty" title="The original record of this event is not stored." />
            ))}
        </div>
      )}
    </SidePanel>
  );
}
