import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  ProgressBar,
} from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { call } from "@/api/call";
import type { Me } from "@/api/gen/api";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px" },
  row: { display: "flex", gap: "8px" },
  error: { color: role("severityHigh"), minHeight: "20px" },
});

/** Characters that a password has at least */
const leastLength = 12;
/** Characters at which the strength bar is full */
const strongLength = 24;

/** Asks for a new password; strength is by length alone, and pasting is welcome. */
export function NewPasswordForm({
  current: given,
  note,
  onChanged,
  onCancel,
}: {
  /** The password just used to sign in, where it is known: it is not asked for again */
  current?: string;
  /** What else the change does: `Your other sessions end.` */
  note?: string;
  onChanged: (me: Me) => void;
  /** A way to keep the old one, where there is one */
  onCancel?: () => void;
}) {
  const styles = useStyles();
  const [current, setCurrent] = useState(given ?? "");
  const [next, setNext] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      onChanged(await call("changePassword", { body: { current, new: next } }));
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    } finally {
      setBusy(false);
    }
  }

  const missing = leastLength - next.length;
  const length = missing > 0 ? `${String(missing)} more characters.` : "Long enough.";
  const type = shown ? "text" : "password";
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      {given === undefined && (
        <Field label="Current password">
          <Input
            value={current}
            type={type}
            autoComplete="current-password"
            onChange={(_, data) => {
              setCurrent(data.value);
            }}
          />
        </Field>
      )}
      <Field label="New password" hint={note === undefined ? length : `${length} ${note}`}>
        <Input
          value={next}
          type={type}
          autoComplete="new-password"
          autoFocus={given !== undefined}
          onChange={(_, data) => {
            setNext(data.value);
          }}
        />
      </Field>
      <ProgressBar
        aria-label="Strength by length"
        value={Math.min(1, next.length / strongLength)}
        color={missing > 0 ? "warning" : "success"}
      />
      <Checkbox
        label="Show the passwords"
        checked={shown}
        onChange={(_, data) => {
          setShown(data.checked === true);
        }}
      />
      <p className={styles.error} role="alert">
        {error}
      </p>
      <div className={styles.row}>
        <Button appearance="primary" type="submit" disabled={busy || missing > 0 || current === ""}>
          Set the password
        </Button>
        {onCancel && <Button onClick={onCancel}>Keep the old one</Button>}
      </div>
    </form>
  );
}
