import { makeStyles } from "@fluentui/react-components";
import { Suspense } from "react";
import { Outlet } from "react-router";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { SignInPage } from "@/features/session/SignInPage";
import { SignInAgain } from "@/features/session/SignInAgain";
import { Connection } from "./Connection";
import { Rail } from "./Rail";
import { useSession } from "./session";
import { role } from "./theme";
import { TopBar } from "./TopBar";

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
  if (loading) return <StateBlock kind="loading" title="Asking the server who you are." />;
  if (error) return <ErrorState what="The server could not be asked" error={error} retry={retry} />;
  if (!me || me.must_change_password) return <SignInPage />;
  return (
    <div className={styles.app}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <Rail className={styles.rail} />
      <TopBar />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Connection />
        <Suspense fallback={<StateBlock kind="loading" title="Loading the page." />}>
          <Outlet />
        </Suspense>
      </main>
      {expired && <SignInAgain />}
    </div>
  );
}
