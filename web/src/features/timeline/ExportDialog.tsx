// The view as a file: exactly its filters, range and order.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  ProgressBar,
  Radio,
  RadioGroup,
} from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/call";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { Value } from "@/components/Value";
import { bytesText, countText } from "@/lib/amounts";
import { saveAs } from "@/lib/saveAs";
import { groupNamed } from "@/lib/sentence";
import { rangeText, zoneName } from "@/lib/time";
import { exportColumns } from "./columnChoice";
import { exportView, type ExportProgress } from "./exports";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "10px" },
  facts: {
    display: "grid",
    gridTemplateColumns: "90px minmax(0, 1fr)",
    gap: "4px 10px",
    fontSize: "13px",
    "& dt": { color: role("text3") },
  },
  hint: { fontSize: "12px", color: role("text3") },
  error: { color: role("severityHigh") },
});

type State =
  | { kind: "idle" }
  | { kind: "running"; progress: ExportProgress }
  | { kind: "done"; progress: ExportProgress }
  | { kind: "failed"; error: unknown };

export function ExportDialog({
  view,
  deviceName,
  columns,
  onClose,
}: {
  view: TimelineView;
  deviceName: string;
  /** Ids of the columns shown */
  columns: readonly string[];
  onClose: () => void;
}) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const [format, setFormat] = useState<"csv" | "ndjson">("csv");
  const [which, setWhich] = useState<"all" | "shown">("all");
  const shownColumns = exportColumns(columns);
  const [state, setState] = useState<State>({ kind: "idle" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const { range, count } = view;
  const rows = count.data?.rows ?? null;
  const groups = view.state.g
    .map((group) =>
      group.startsWith("-") ? `not ${groupNamed(group.slice(1)).label}` : groupNamed(group).label,
    )
    .join(", ");

  const start = async () => {
    if (!range) return;
    const abort = new AbortController();
    running.current = abort;
    let progress: ExportProgress = { bytes: 0, rows: 0 };
    setState({ kind: "running", progress });
    try {
      const file = await exportView(
        {
          deviceId: view.deviceId,
          format,
          selection: view.selection,
          range,
          order: view.order,
          columns: which === "shown" ? shownColumns : null,
        },
        (next) => {
          progress = next;
          setState({ kind: "running", progress });
        },
        abort.signal,
      );
      const name = deviceName.replace(/[^\w.-]+/g, "_").slice(0, 60);
      saveAs(file, `${name}-timeline.${format}`);
      setState({ kind: "done", progress });
    } catch (error) {
      setState(abort.signal.aborted ? { kind: "idle" } : { kind: "failed", error });
    }
  };

  const said = state.kind === "running" || state.kind === "done" ? state.progress : null;
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Export this view</DialogTitle>
          <DialogContent className={styles.content}>
            <dl className={styles.facts}>
              <dt>Device</dt>
              <dd>
                <Value text={deviceName} />
              </dd>
              <dt>Range</dt>
              <dd>
                {range
                  ? `${rangeText(range.from, range.to, zone)} (${zoneName(zone, range.from)})`
                  : "none"}
              </dd>
              <dt>Filter</dt>
              <dd>
                {view.selection.q === undefined ? (
                  "none"
                ) : (
                  <Value text={view.selection.q} kind="mono" />
                )}
              </dd>
              {groups !== "" && (
                <>
                  <dt>Groups</dt>
                  <dd>{groups}</dd>
                </>
              )}
              {view.selection.segment !== undefined && (
                <>
                  <dt>Of these</dt>
                  <dd>
                    {view.selection.segment === "flagged"
                      ? `flagged${view.selection.flags ? ` ${view.selection.flags.join(", ")}` : ""}`
                      : "alerts and techniques"}
                  </dd>
                </>
              )}
              <dt>Order</dt>
              <dd>{view.order === "asc" ? "oldest first" : "newest first"}</dd>
              <dt>Rows</dt>
              <dd>{rows === null ? "not counted yet" : countText(rows)}</dd>
            </dl>
            <RadioGroup
              layout="horizontal"
              aria-label="Format"
              value={format}
              onChange={(_, data) => {
                setFormat(data.value === "ndjson" ? "ndjson" : "csv");
              }}
            >
              <Radio value="csv" label="CSV, safe for spreadsheets" />
              <Radio value="ndjson" label="NDJSON" />
            </RadioGroup>
            <RadioGroup
              layout="horizontal"
              aria-label="Columns"
              value={which}
              onChange={(_, data) => {
                setWhich(data.value === "shown" ? "shown" : "all");
              }}
            >
              <Radio value="all" label="All columns" />
              <Radio value="shown" label="Those shown" />
            </RadioGroup>
            {which === "shown" && (
              <p className={styles.hint}>{`In the file: ${shownColumns.join(", ")}`}</p>
            )}
            <div role="status">
              {said &&
                `${countText(said.rows)} lines, ${bytesText(said.bytes)}${state.kind === "done" ? ". The file is saved." : ""}`}
              {state.kind === "failed" && (
                <p className={styles.error}>
                  {`The export stopped: ${state.error instanceof Error ? state.error.message : String(state.error)}`}
                  {state.error instanceof ApiError &&
                    state.error.requestId !== "" &&
                    ` Error id ${state.error.requestId}`}
                </p>
              )}
            </div>
            {state.kind === "running" && (
              <ProgressBar
                aria-label="Export"
                {...(rows === null || rows === 0
                  ? {}
                  : { value: Math.min(1, state.progress.rows / rows) })}
              />
            )}
          </DialogContent>
          <DialogActions>
            {state.kind === "running" ? (
              <Button
                onClick={() => {
                  running.current?.abort();
                }}
              >
                Cancel the export
              </Button>
            ) : (
              <>
                <Button onClick={onClose}>Close</Button>
                <Button appearance="primary" disabled={!range} onClick={() => void start()}>
                  {state.kind === "failed" ? "Export again" : "Export"}
                </Button>
              </>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
