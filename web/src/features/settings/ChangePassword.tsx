import { Button, Checkbox, Field, Input } from "@fluentui/react-components";
import { useState, type FormEvent } from "react";
import { call } from "@/api/call";
import { useSession } from "@/app/session";
import { useUndoToast } from "@/components/UndoToast";
import css from "./settings.module.css";

/** Characters that a password has at least */
export const leastLength = 12;

/** Asks for the old password and a new one. */
export function ChangePassword({ onDone }: { onDone: () => void }) {
  const { signedIn } = useSession();
  const say = useUndoToast();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const missing = leastLength - next.length;
  const type = shown ? "text" : "password";

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      signedIn(await call("changePassword", { body: { current, new: next } }));
      say("Password changed. Your other sessions have ended.");
      onDone();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  }

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <Field label="Current password">
        <Input
          type={type}
          value={current}
          autoComplete="current-password"
          onChange={(_, data) => {
            setCurrent(data.value);
          }}
        />
      </Field>
      <Field
        label="New password"
        hint={
          missing > 0
            ? `${String(missing)} more characters. Your other sessions end.`
            : "Long enough. Your other sessions end."
        }
      >
        <Input
          type={type}
          value={next}
          autoComplete="new-password"
          onChange={(_, data) => {
            setNext(data.value);
          }}
        />
      </Field>
      <Checkbox
        label="Show the passwords"
        checked={shown}
        onChange={(_, data) => {
          setShown(data.checked === true);
        }}
      />
      <p className={css.error} role="alert">
        {error}
      </p>
      <div className={css.row}>
        <Button appearance="primary" type="submit" disabled={busy || missing > 0 || current === ""}>
          Set the password
        </Button>
        <Button onClick={onDone}>Keep the old one</Button>
      </div>
    </form>
  );
}
