import { makeStyles } from "@fluentui/react-components";
import { lazy, Suspense, useEffect } from "react";
import { Outlet } from "react-router";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Connection } from "./Connection";
import { Rail } from "./Rail";
import { useSession } from "./session";
import { role } from "./theme";
import { TopBar } from "./TopBar";

const signInAgain = async () => ({
  default: (await import("@/features/session/SignInAgain")).SignInAgain,
});
const SignInAgain = lazy(signInAgain);
const SignInPage = lazy(async () => ({
  default: (await import("@/features/session/SignInPage")).SignInPage,
}));

const loadingPage = <StateBlock kind="loading" title="Loading the page." />;

const useStyles = makeStyles({
  app: {
    display: "grid",
    gridTemplateColumns: "68px minmax(0, 1fr)",
    gridTemplateRows: "44px minmax(0, 1fr)",
    height: "100%",
    fontSize: "13px",
    lineHeight: "18px",
    background: role("canvas"),
    color: role("text1"),
  },
  rail: { gridRow: "1 / 3" },
  main: { display: "flex", flexDirection: "column", minHeight: 0, minWidth: 0, overflow: "hidden" },
  skip: {
    position: "absolute",
    left: "-1000px",
    zIndex: 100,
    padding: "8px 12px",
    background: role("raised"),
    ":focus": { left: "76px", top: "4px" },
  },
});

/** Rail, top bar and the page; in their place the sign-in page while nobody is signed in. */
export function Shell() {
  const styles = useStyles();
  const { me, loading, error, expired, retry } = useSession();
  // The form for a session that has ended is here before it is wanted: by then the server may have other code.
  useEffect(() => {
    if (me) void signInAgain();
  }, [me]);
  if (loading) return <StateBlock kind="loading" title="Asking the server who you are." />;
  if (error) return <ErrorState what="The server could not be asked" error={error} retry={retry} />;
  if (!me || me.must_change_password) {
    return (
      <Suspense fallback={loadingPage}>
        <SignInPage />
      </Suspense>
    );
  }
  return (
    <div className={styles.app}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <Rail className={styles.rail} />
      <TopBar />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Connection />
        <Suspense fallback={loadingPage}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense fallback={null}>{expired && <SignInAgain />}</Suspense>
    </div>
  );
}
