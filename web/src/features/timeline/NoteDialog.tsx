import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  Textarea,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { query } from "@/api/call";
import type { TimelineRow } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Instant } from "@/components/Instant";
import { Sentence } from "@/components/Sentence";
import { Value } from "@/components/Value";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "10px" },
  author: { fontSize: "12px", color: role("text3") },
});

/** A note on an event; author and time are kept by the server, earlier versions too. */
export function NoteDialog({
  deviceId,
  row,
  onSave,
  onClose,
}: {
  deviceId: string;
  row: TimelineRow;
  onSave: (text: string) => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const { data } = useQuery(
    query("listNoteVersions", { path: { device_id: deviceId, event_id: row.EventId } }),
  );
  const newest = data?.items[0];
  const [text, setText] = useState("");
  const [touched, setTouched] = useState(false);
  useEffect(() => {
    if (!touched && newest) setText(newest.value);
  }, [newest, touched]);
  const save = () => {
    onSave(text.trim());
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(_, change) => {
        if (!change.open) onClose();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Note on an event</DialogTitle>
          <DialogContent className={styles.content}>
            <Sentence row={row} />
            <Field label="Note" hint="Ctrl Enter saves">
              <Textarea
                value={text}
                rows={5}
                onChange={(_, change) => {
                  setTouched(true);
                  setText(change.value);
                }}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && event.ctrlKey) save();
                }}
              />
            </Field>
            {newest && newest.value !== "" && (
              <p className={styles.author}>
                {"Written by "}
                <Value text={newest.author} /> <Instant time={newest.set} dateToo />
              </p>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
            <Button
              appearance="primary"
              disabled={text.trim() === "" && !row.has_note}
              onClick={save}
            >
              {text.trim() === "" && row.has_note ? "Remove the note" : "Save the note"}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
