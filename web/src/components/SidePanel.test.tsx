import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { SidePanel } from "./SidePanel";

const tabs = [
  { id: "summary", label: "Summary" },
  { id: "fields", label: "All fields", count: 61 },
];

function Held({ onClose }: { onClose: () => void }) {
  const [width, setWidth] = useState(428);
  const [tab, setTab] = useState("summary");
  return (
    <SidePanel
      title="powershell.exe"
      onClose={onClose}
      width={width}
      onWidth={setWidth}
      tabs={tabs}
      tab={tab}
      onTab={setTab}
    >
      <p>{`Shown: ${tab}`}</p>
    </SidePanel>
  );
}

test("tabs, width and close work by keyboard", async () => {
  const user = userEvent.setup();
  const close = vi.fn();
  const { container } = renderPart(<Held onClose={close} />);
  await expectAccessible(container);
  expect(screen.getByRole("complementary", { name: "powershell.exe" })).toBeTruthy();

  const separator = screen.getByRole("separator", { name: "Width of the panel" });
  separator.focus();
  await user.keyboard("{ArrowLeft}");
  expect(separator.getAttribute("aria-valuenow")).toBe("444");
  await user.keyboard("{Home}");
  expect(separator.getAttribute("aria-valuenow")).toBe("360");

  await user.click(screen.getByRole("tab", { name: "All fields 61" }));
  expect(screen.getByText("Shown: fields")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Close the panel" }));
  expect(close).toHaveBeenCalledOnce();
});
