import { useLocation, useNavigate } from "react-router";
import { useBreadcrumb } from "@/app/breadcrumb";
import { StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";

export function Component() {
  useBreadcrumb({ label: "No such page" });
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <StateBlock
      kind="empty"
      title="There is no page at this address."
      detail={
        <>
          <Value text={pathname.slice(0, 200)} kind="mono" /> leads nowhere: it was cut or mistyped,
          or the page has moved. Ctrl K finds pages and devices.
        </>
      }
      action={{ label: "Go to Start", onClick: () => void navigate("/") }}
      second={{ label: "Go back", onClick: () => void navigate(-1) }}
    />
  );
}
