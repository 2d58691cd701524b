import { useNavigate, useRouteError } from "react-router";
import { StateBlock } from "@/components/StateBlock";

/** What browsers say of code that is no longer where it was: the server was updated meanwhile. */
const isOld = /dynamically imported module|module script failed|Loading chunk/i;

/** What stands in place of a page whose own code failed, or could not be loaded. */
export function PageError() {
  const error = useRouteError();
  const navigate = useNavigate();
  const message = error instanceof Error ? error.message : String(error);
  const missing = isOld.test(message);
  return (
    <StateBlock
      kind="error"
      title={
        missing
          ? "The code of this page could not be loaded."
          : "This page stopped: its own code failed."
      }
      detail={
        missing
          ? "The server was updated since you opened Spoor, or it is away. The address is kept."
          : message.slice(0, 400)
      }
      action={{
        label: "Load the page again",
        onClick: () => {
          window.location.reload();
        },
      }}
      second={{ label: "Go to Start", onClick: () => void navigate("/") }}
    />
  );
}
