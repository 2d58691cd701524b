import { useParams } from "react-router";
import { useBreadcrumb } from "@/app/breadcrumb";
import { useSession } from "@/app/session";
import { StateBlock } from "@/components/StateBlock";
import { ImportHome } from "./ImportHome";
import { JobPage } from "./JobPage";

export function Component() {
  const { jobId } = useParams();
  const { may } = useSession();
  useBreadcrumb({ label: "Import" });
  if (!may("jobs.read")) {
    return (
      <StateBlock
        kind="notPermitted"
        title="You may not see imports."
        detail="That needs the permission jobs.read. An administrator can give you a role that has it."
      />
    );
  }
  return jobId === undefined ? <ImportHome /> : <JobPage key={jobId} id={jobId} />;
}
