import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from "@fluentui/react-components";
import { useState, type FormEvent, type ReactNode } from "react";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "12px" },
  error: { color: role("severityHigh") },
  danger: {
    background: role("dangerFill"),
    color: role("onBrand"),
    whiteSpace: "nowrap",
    ":hover": { background: role("dangerFill"), color: role("onBrand"), filter: "brightness(.9)" },
    ":hover:active": { background: role("dangerFill"), color: role("onBrand") },
  },
});

/** A form over the page; stays open with the reason where the server refuses. Open while it is rendered. */
export function FormDialog({
  title,
  act,
  ready,
  keep = "Cancel",
  loses = false,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  /** Verb and object of the button */
  act: string;
  /** False holds the button */
  ready: boolean;
  /** Words of the button that changes nothing */
  keep?: string;
  /** Something is lost: the button says so by its colour, and a click beside the dialog does not close it */
  loses?: boolean;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const styles = useStyles();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setError("");
    try {
      await onSubmit();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      modalType={loses ? "alert" : "modal"}
      onOpenChange={(_, data) => {
        if (!data.open && !busy) onClose();
      }}
    >
      <DialogSurface>
        <form
          onSubmit={(event) => {
            void submit(event);
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              {children}
              <p className={styles.error} role="alert">
                {error}
              </p>
            </DialogContent>
            <DialogActions>
              <Button disabled={busy} onClick={onClose}>
                {keep}
              </Button>
              <Button
                {...(loses ? { className: styles.danger } : { appearance: "primary" })}
                type="submit"
                disabled={!ready || busy}
              >
                {act}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
