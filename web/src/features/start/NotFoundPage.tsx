import { useNavigate } from "react-router";
import { useBreadcrumb } from "@/app/breadcrumb";
import { StateBlock } from "@/components/StateBlock";

export function Component() {
  useBreadcrumb({ label: "No such page" });
  const navigate = useNavigate();
  return (
    <StateBlock
      kind="empty"
      title="There is no page at this address."
      action={{ label: "Go to Start", onClick: () => void navigate("/") }}
    />
  );
}
