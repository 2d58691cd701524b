import { makeStyles } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useSession } from "@/app/session";
import { role } from "@/app/theme";
import { NewPasswordForm } from "./NewPasswordForm";
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
  text: { color: role("text2"), marginBottom: "20px", lineHeight: "20px" },
});

/** Sign-in; after the first one with a password that somebody else chose, a new one. */
export function SignInPage() {
  const styles = useStyles();
  const { me, signedIn } = useSession();
  const [password, setPassword] = useState<string>();
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
        <p className={styles.text}>
          {changes
            ? "The one that you used was for once. The new one has 12 characters at least."
            : "At the first start the server printed a name and a one-time password."}
        </p>
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
      </div>
    </main>
  );
}
