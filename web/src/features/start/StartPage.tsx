import { useQuery } from "@tanstack/react-query";
import { query } from "@/api/call";
import { useBreadcrumb } from "@/app/breadcrumb";
import { useSession } from "@/app/session";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { FirstSteps } from "./FirstSteps";
import { MyFlags } from "./MyFlags";
import { NewestDevices } from "./NewestDevices";
import { RecentImports } from "./RecentImports";
import css from "./start.module.css";

/** How many devices and imports are listed. */
export const listed = 10;

export function Component() {
  useBreadcrumb({ label: "Start" });
  const { me, may } = useSession();
  const seesDevices = may("devices.read");
  const seesJobs = may("jobs.read");
  const devices = useQuery({
    ...query("listDevices", { query: { sort: ["-LastSeen"], limit: listed, counters: true } }),
    enabled: seesDevices,
  });
  const imports = useQuery({
    ...query("listImports", { query: { limit: listed } }),
    enabled: seesJobs,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ progress }) => ["queued", "running"].includes(progress.state))
        ? 2000
        : 60_000,
  });
  if ((seesDevices && devices.isPending) || (seesJobs && imports.isPending)) {
    return <StateBlock kind="loading" title="Reading devices and imports." />;
  }
  if (seesDevices && devices.error && !devices.data) {
    return (
      <ErrorState
        what="The devices could not be read"
        error={devices.error}
        retry={() => void devices.refetch()}
      />
    );
  }
  const none = (devices.data?.items.length ?? 0) === 0 && (imports.data?.items.length ?? 0) === 0;
  const firstRun = none && seesDevices && seesJobs && !imports.error;
  return (
    <div className={css.page}>
      <h1>{firstRun ? "Nothing is here yet" : "Start"}</h1>
      {firstRun ? (
        <>
          <p className={css.muted}>Bring in what devices recorded. There are three ways.</p>
          <FirstSteps />
        </>
      ) : (
        <div className={css.columns}>
          {seesDevices && devices.data && <NewestDevices list={devices.data} />}
          {may("timeline.read") && <MyFlags />}
          {seesJobs && <RecentImports jobs={imports.data?.items ?? null} error={imports.error} />}
          {!seesDevices && !seesJobs && (
            <StateBlock
              kind="notPermitted"
              title={`Your role ${me?.role ?? ""} sees neither devices nor imports.`}
              detail="An administrator can give you another one."
            />
          )}
        </div>
      )}
    </div>
  );
}
