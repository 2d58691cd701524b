// Two events side by side: fields aligned, equal ones folded, differences marked by character.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Switch,
} from "@fluentui/react-components";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { query } from "@/api/call";
import type { Event } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Sentence } from "@/components/Sentence";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { fieldText } from "./EventFields";
import type { RowPlace } from "./state";

const useStyles = makeStyles({
  table: {
    width: "100%",
    tableLayout: "fixed",
    borderCollapse: "collapse",
    fontSize: "12px",
    lineHeight: "17px",
    "& th, & td": {
      padding: "4px 8px 4px 0",
      textAlign: "left",
      verticalAlign: "top",
      overflowWrap: "anywhere",
      borderBottom: `1px solid ${role("stroke")}`,
    },
    "& th": { fontWeight: 400, color: role("text3") },
    "& thead th": { color: role("text1"), fontWeight: 600 },
  },
  name: { width: "190px" },
  diff: { background: role("searchHit"), borderRadius: "2px" },
});

/** Where two texts differ: what they begin and end with together is left out. */
export function difference(
  one: string,
  other: string,
): [start: number, oneEnd: number, otherEnd: number] {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  let tail = 0;
  while (tail < most - start && one[one.length - 1 - tail] === other[other.length - 1 - tail]) {
    tail += 1;
  }
  return [start, one.length - tail, other.length - tail];
}

interface Pair {
  name: string;
  one: string;
  other: string;
}

export function pairsOf(one: Event, other: Event): Pair[] {
  const flat = (event: Event) =>
    new Map(
      event.tables.flatMap((table) =>
        table.fields.map((field) => [field.name, fieldText(field.value)] as const),
      ),
    );
  const first = flat(one);
  const second = flat(other);
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((name) => ({ name, one: first.get(name) ?? "", other: second.get(name) ?? "" }))
    .filter((pair) => pair.one !== "" || pair.other !== "");
}

function Marked({ text, from, to }: { text: string; from: number; to: number }) {
  const styles = useStyles();
  if (text === "") return <>none</>;
  return (
    <>
      <Value text={text.slice(0, from)} kind="mono" />
      <span className={styles.diff}>
        <Value text={text.slice(from, to)} kind="mono" />
      </span>
      <Value text={text.slice(to)} kind="mono" />
    </>
  );
}

export function CompareDialog({
  deviceId,
  places,
  onClose,
}: {
  deviceId: string;
  places: readonly [RowPlace, RowPlace];
  onClose: () => void;
}) {
  const styles = useStyles();
  const [equal, setEqual] = useState(false);
  const [one, other] = useQueries({
    queries: places.map((place) =>
      query("getEvent", {
        path: { device_id: deviceId, event_id: place.eventId },
        query: { time: place.time },
      }),
    ),
  });
  const error = one?.error ?? other?.error;
  const pairs = one?.data && other?.data ? pairsOf(one.data, other.data) : [];
  const differ = pairs.filter((pair) => pair.one !== pair.other);
  const shown = equal ? pairs : differ;
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface style={{ maxWidth: "1100px" }}>
        <DialogBody>
          <DialogTitle>Two events compared</DialogTitle>
          <DialogContent>
            {error ? (
              <ErrorState what="An event could not be read" error={error} />
            ) : !one?.data || !other?.data ? (
              <StateBlock kind="loading" title="Reading the two events." />
            ) : (
              <>
                <Switch
                  label={`Show the ${String(pairs.length - differ.length)} equal fields`}
                  checked={equal}
                  onChange={(_, data) => {
                    setEqual(data.checked);
                  }}
                />
                <table className={styles.table}>
                  <thead>
                    <tr>
                      <th className={styles.name} scope="col">
                        Field
                      </th>
                      <th scope="col">
                        <Sentence row={one.data.row} wrap />
                      </th>
                      <th scope="col">
                        <Sentence row={other.data.row} wrap />
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((pair) => {
                      const [start, oneEnd, otherEnd] = difference(pair.one, pair.other);
                      return (
                        <tr key={pair.name}>
                          <th scope="row">{pair.name}</th>
                          <td>
                            <Marked text={pair.one} from={start} to={oneEnd} />
                          </td>
                          <td>
                            <Marked text={pair.other} from={start} to={otherEnd} />
                          </td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </>
            )}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
