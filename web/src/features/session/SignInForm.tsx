import { Button, Checkbox, Field, Input, makeStyles } from "@fluentui/react-components";
import { useEffect, useState, type FormEvent } from "react";
import { ApiError, call } from "@/api/call";
import type { Me } from "@/api/gen/api";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "16px" },
  error: { color: role("severityHigh"), minHeight: "20px" },
});

/** `4 min 12 s` */
export function waitText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return minutes > 0 ? `${String(minutes)} min ${String(rest)} s` : `${String(rest)} s`;
}

/** Name and password. With `name` the person is known and only proves it again. */
export function SignInForm({
  name: known,
  onSignedIn,
}: {
  name?: string;
  onSignedIn: (me: Me, password: string) => void;
}) {
  const styles = useStyles();
  const [name, setName] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [wait, setWait] = useState(0);

  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => {
      setWait(wait - 1);
    }, 1000);
    return () => {
      clearTimeout(timer);
    };
  }, [wait]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      onSignedIn(await call("signIn", { body: { name, password } }), password);
    } catch (cause) {
      if (cause instanceof ApiError && cause.retryAfter !== null) setWait(cause.retryAfter);
      else if (cause instanceof ApiError && cause.status === 401) {
        setError("Name or password is not right.");
      } else setError(cause instanceof Error ? cause.message : String(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <Field label="Name">
        <Input
          value={name}
          readOnly={known !== undefined}
          autoComplete="username"
          autoFocus={known === undefined}
          onChange={(_, data) => {
            setName(data.value);
          }}
        />
      </Field>
      <Field label="Password">
        <Input
          value={password}
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          autoFocus={known !== undefined}
          onChange={(_, data) => {
            setPassword(data.value);
          }}
        />
      </Field>
      <Checkbox
        label="Show the password"
        checked={shown}
        onChange={(_, data) => {
          setShown(data.checked === true);
        }}
      />
      <p className={styles.error} role="alert">
        {wait > 0 ? `Too many tries. Wait ${waitText(wait)}.` : error}
      </p>
      <Button
        appearance="primary"
        type="submit"
        disabled={busy || wait > 0 || name === "" || password === ""}
      >
        Sign in
      </Button>
    </form>
  );
}
