import { Button } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "@/api/call";
import { useSession } from "@/app/session";
import { Instant } from "@/components/Instant";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Tag } from "@/components/Tag";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import { useList } from "@/lib/useList";
import css from "./settings.module.css";

export function SessionsSection() {
  const client = useQueryClient();
  const { signOut } = useSession();
  const say = useUndoToast();
  const list = useList("listSessions", { query: {} });
  const [error, setError] = useState("");

  async function act(what: () => Promise<unknown>, done: string) {
    setError("");
    try {
      await what();
      say(done);
      await client.invalidateQueries({ queryKey: ["listSessions"] });
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  }
  const others = list.items.filter(({ is_current }) => !is_current);

  async function endOthers() {
    for (const { id } of others) await call("endSession", { path: { session_id: id } });
  }
  async function everywhere() {
    await call("signOutEverywhere", {});
    // The session of this page is among them; the server may answer that it is gone.
    await signOut().catch(() => {
      window.location.reload();
    });
  }

  return (
    <>
      <h1>Sessions</h1>
      <section className={css.card} aria-labelledby="sessions-mine">
        <div className={css.setting} style={{ borderTop: 0 }}>
          <div>
            <h2 id="sessions-mine" className={css.name}>
              Where you are signed in
            </h2>
            <div className={css.small}>Ending a session signs that browser out at once.</div>
          </div>
          <div className={css.row}>
            <Button
              disabled={others.length === 0}
              onClick={() => void act(endOthers, "Your other sessions have ended.")}
            >
              End the others
            </Button>
            <Button onClick={() => void act(everywhere, "Signed out everywhere.")}>
              Sign out everywhere
            </Button>
          </div>
        </div>
        {error !== "" && (
          <p className={`${css.setting} ${css.error}`} role="alert">
            {error}
          </p>
        )}
        {list.error && list.items.length === 0 ? (
          <ErrorState
            what="The sessions could not be read"
            error={list.error}
            retry={list.refetch}
          />
        ) : list.isPending ? (
          <StateBlock kind="loading" title="Reading the sessions." />
        ) : (
          list.items.map((session) => (
            <div key={session.id} className={css.setting}>
              <div>
                <div className={css.row}>
                  <Value text={session.agent === "" ? "not known" : session.agent} kind="plain" />
                  {session.is_current && <Tag tone="brand">This session</Tag>}
                </div>
                <div className={css.small}>
                  from <Value text={session.address} kind="mono" />, last used{" "}
                  <Instant time={session.last_used} relative />, since{" "}
                  <Instant time={session.created} dateToo />, ends{" "}
                  <Instant time={session.expires} dateToo /> at the latest
                </div>
              </div>
              {!session.is_current && (
                <Button
                  size="small"
                  aria-label={`End the session from ${session.address}, ${session.agent}`}
                  onClick={() =>
                    void act(
                      () => call("endSession", { path: { session_id: session.id } }),
                      "The session has ended.",
                    )
                  }
                >
                  End
                </Button>
              )}
            </div>
          ))
        )}
        {!list.isWhole && list.items.length > 0 && (
          <div className={css.setting}>
            <Button onClick={list.more}>Show more</Button>
          </div>
        )}
      </section>
    </>
  );
}
