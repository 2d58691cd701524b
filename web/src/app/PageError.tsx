import { useRouteError } from "react-router";
import { StateBlock } from "@/components/StateBlock";

/** What stands in place of a page whose own code failed. */
export function PageError() {
  const error = useRouteError();
  return (
    <StateBlock
      kind="error"
      title="This page stopped: its own code failed."
      detail={error instanceof Error ? error.message : String(error)}
      action={{
        label: "Load the page again",
        onClick: () => {
          window.location.reload();
        },
      }}
    />
  );
}
