import { Link } from "react-router";
import type { Import, ImportState } from "@/api/gen/api";
import { JobProgress } from "@/components/JobProgress";
import { StatusDot, type Status } from "@/components/StatusDot";
import { Value } from "@/components/Value";
import { counted } from "@/lib/amounts";
import { nameOf, othersOf } from "@/lib/importName";
import css from "./start.module.css";

const states: Record<ImportState, readonly [Status, string]> = {
  queued: ["none", "Waiting"],
  running: ["running", "Running"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  cancelled: ["warning", "Stopped"],
  interrupted: ["warning", "Interrupted"],
  purged: ["none", "Removed"],
};

function Line({ job }: { job: Import }) {
  const { state, bytes_done, bytes_total } = job.progress;
  const name = nameOf(job);
  const [status, words] = states[state];
  return (
    <li className={css.line}>
      <Link to={`/import/${encodeURIComponent(job.id)}`}>
        <Value text={name} kind="name" cut="middle" />
      </Link>
      <span className={css.tags}>
        {[othersOf(job), job.names.length > 1 ? counted(job.names.length, "file") : ""]
          .filter((part) => part !== "")
          .join(", ")}
      </span>
      {state === "running" ? (
        <JobProgress
          inline
          label={`Import of ${name}`}
          done={bytes_done}
          total={bytes_total}
          state="running"
        />
      ) : (
        <StatusDot status={status}>{words}</StatusDot>
      )}
    </li>
  );
}

/** Imports, those on their way first. */
export function RecentImports({
  jobs,
  error,
}: {
  jobs: readonly Import[] | null;
  error: Error | null;
}) {
  const active = (job: Import) => ["queued", "running"].includes(job.progress.state);
  const sorted = [...(jobs ?? [])].sort((a, b) => Number(active(b)) - Number(active(a)));
  return (
    <section className={css.card} aria-labelledby="start-imports">
      <div className={css.cardHead}>
        <h2 id="start-imports">Imports, newest first</h2>
        <span className={css.grow} />
        <Link to="/import">Import</Link>
      </div>
      {error && !jobs ? (
        <p className={css.none} role="alert">
          The imports could not be read: {error.message}
        </p>
      ) : sorted.length === 0 ? (
        <p className={css.none}>Nothing has been imported.</p>
      ) : (
        <ul>
          {sorted.map((job) => (
            <Line key={job.id} job={job} />
          ))}
        </ul>
      )}
    </section>
  );
}
