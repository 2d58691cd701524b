import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { query } from "@/api/call";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import { NewPasswordForm } from "@/components/NewPasswordForm";
import { Value } from "@/components/Value";
import { SignInForm } from "./SignInForm";

const useStyles = makeStyles({
  page: {
    minHeight: "100%",
    display: "grid",
    placeItems: "center",
    padding: "24px",
    background: role("canvas"),
    color: role("text1"),
  },
  card: {
    width: "100%",
    maxWidth: "400px",
    padding: "32px",
    borderRadius: "6px",
    background: role("surface"),
    border: `1px solid ${role("stroke")}`,
  },
  head: { display: "flex", alignItems: "center", gap: "12px", marginBottom: "8px" },
  title: { fontSize: "20px", lineHeight: "26px", fontWeight: 600 },
  fingerprint: {
    marginTop: "20px",
    fontSize: "12px",
    lineHeight: "16px",
    color: role("text3"),
    overflowWrap: "anywhere",
  },
  text: { color: role("text2"), marginBottom: "20px", lineHeight: "20px" },
});

/** Sign-in; after the first one with a password that somebody else chose, a new one. */
export function SignInPage() {
  const styles = useStyles();
  const { me, signedIn } = useSession();
  const [password, setPassword] = useState<string>();
  const { data: welcome } = useQuery({ ...query("getWelcome", {}), staleTime: Infinity });
  const changes = me?.must_change_password === true;
  useEffect(() => {
    document.title = changes ? "New password · Spoor" : "Sign in · Spoor";
  }, [changes]);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.head}>
          <img src="/mark.svg" alt="" width={28} height={28} />
          <h1 className={styles.title}>{changes ? "Choose a new password" : "Sign in to Spoor"}</h1>
        </div>
        {changes && (
          <p className={styles.text}>
            The one that you used was for once. The new one has 12 characters at least.
          </p>
        )}
        {!changes && welcome?.is_first_run && (
          <p className={styles.text}>
            The server was just set up: sign in as admin with the one-time password that it printed.
          </p>
        )}
        {changes ? (
          <NewPasswordForm
            {...(password === undefined ? {} : { current: password })}
            onChanged={(next) => {
              setPassword(undefined);
              signedIn(next);
            }}
          />
        ) : (
          <SignInForm
            onSignedIn={(next, used) => {
              setPassword(next.must_change_password ? used : undefined);
              signedIn(next);
            }}
          />
        )}
        {welcome && welcome.certificate_fingerprint !== "" && (
          <div className={styles.fingerprint}>
            The server’s certificate (SHA-256), by its own word. Compare it with what it printed:
            <Value text={welcome.certificate_fingerprint} kind="mono" />
          </div>
        )}
      </div>
    </main>
  );
}
