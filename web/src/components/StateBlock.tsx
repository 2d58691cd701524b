import { Button, makeStyles, Spinner } from "@fluentui/react-components";
import { useEffect, useState, type ReactNode } from "react";
import { ApiError } from "@/api/call";
import { role } from "@/app/theme";

export interface StateAction {
  label: string;
  onClick: () => void;
}

export interface StateBlockProps {
  kind: "empty" | "loading" | "partial" | "error" | "notPermitted";
  title: ReactNode;
  detail?: ReactNode;
  /** For an error: the id that the server's log knows */
  requestId?: string;
  action?: StateAction;
  second?: StateAction;
}

const useStyles = makeStyles({
  block: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: "8px",
    padding: "48px 24px",
    textAlign: "center",
    color: role("text2"),
    fontSize: "14px",
    lineHeight: "20px",
  },
  title: { color: role("text1"), fontWeight: 600, maxWidth: "70ch", overflowWrap: "anywhere" },
  detail: { maxWidth: "80ch", overflowWrap: "anywhere" },
  id: { fontSize: "12px", color: role("text3"), userSelect: "all" },
  row: { display: "flex", gap: "8px", marginTop: "8px" },
});

/** True once `milliseconds` have passed: short waits show nothing. */
function useDelay(milliseconds: number): boolean {
  const [passed, setPassed] = useState(milliseconds === 0);
  useEffect(() => {
    const timer = setTimeout(() => {
      setPassed(true);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  }, [milliseconds]);
  return passed;
}

/** What a page or pane shows when it has no rows to show: says what, why, what is kept, what to do. */
export function StateBlock({ kind, title, detail, requestId, action, second }: StateBlockProps) {
  const styles = useStyles();
  const visible = useDelay(kind === "loading" ? 400 : 0);
  return (
    <div
      className={styles.block}
      role={kind === "error" ? "alert" : "status"}
      aria-busy={kind === "loading"}
    >
      {visible && (
        <>
          {kind === "loading" && <Spinner size="small" />}
          <p className={styles.title}>{title}</p>
          {detail !== undefined && detail !== "" && <p className={styles.detail}>{detail}</p>}
          {requestId !== undefined && requestId !== "" && (
            <p className={`${styles.id} mono`}>Error id {requestId}</p>
          )}
          {(action ?? second) && (
            <div className={styles.row}>
              {action && (
                <Button appearance="primary" onClick={action.onClick}>
                  {action.label}
                </Button>
              )}
              {second && <Button onClick={second.onClick}>{second.label}</Button>}
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** A failed call as a state: its own words, its hint, its id, and how to try again. */
export function ErrorState({
  what,
  error,
  retry,
}: {
  /** What could not be done: "The list could not be read" */
  what: string;
  error: unknown;
  retry?: () => void;
}) {
  const known = error instanceof ApiError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <StateBlock
      kind={known?.status === 403 ? "notPermitted" : "error"}
      title={`${what}: ${message}`}
      detail={known?.hint ?? ""}
      {...(known ? { requestId: known.requestId } : {})}
      {...(retry ? { action: { label: "Try again", onClick: retry } } : {})}
    />
  );
}
