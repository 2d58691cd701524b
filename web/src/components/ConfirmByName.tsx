import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
} from "@fluentui/react-components";
import { useState, type FormEvent, type ReactNode } from "react";
import { role } from "@/app/theme";
import { Value } from "./Value";

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

export interface ConfirmByNameProps {
  /** `Remove this import` */
  title: string;
  /** What is lost, and what is kept */
  children: ReactNode;
  /** To be typed */
  name: string;
  /** Verb and object: `Remove 5,670 records` */
  act: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is lost: says what, and wants its name typed. Open while it is rendered. */
export function ConfirmByName({
  title,
  children,
  name,
  act,
  onConfirm,
  onClose,
}: ConfirmByNameProps) {
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const matches = typed.trim() === name.trim();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!matches || busy) return;
    setBusy(true);
    setError("");
    try {
      await onConfirm();
      onClose();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      modalType="alert"
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
              <div>{children}</div>
              <p>
                Type <Value text={name} kind="name" /> to confirm.
              </p>
              <Field label="Name">
                <Input
                  value={typed}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(_, data) => {
                    setTyped(data.value);
                  }}
                />
              </Field>
              <p className={styles.error} role="alert">
                {error}
              </p>
            </DialogContent>
            <DialogActions>
              <Button disabled={busy} onClick={onClose}>
                Keep it
              </Button>
              <Button className={styles.danger} type="submit" disabled={!matches || busy}>
                {act}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
