import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { TimeRange } from "./TimeRange";

function show() {
  const onChange = vi.fn();
  renderPart(
    <TimeRange
      last="P30D"
      range={{ from: "2026-10-04T10:00:00.0000000Z", to: "2026-11-03T10:00:00.0000000Z" }}
      newest="2026-11-03T10:00:00.0000000Z"
      onChange={onChange}
    />,
  );
  return onChange;
}

test("periods say that they end at the newest evidence", async () => {
  const user = userEvent.setup();
  const onChange = show();
  await user.click(screen.getByRole("button", { name: /4 Oct to 3 Nov 2026/ }));
  expect(screen.getByText("Periods end at the newest evidence, 3 Nov 2026.")).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "Past week" }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ last: "P7D", from: null, to: null });
  // The page behind the pop-up is there again a moment after it closed.
  await user.click(await screen.findByRole("button", { name: /4 Oct to 3 Nov 2026/ }));
  await expectAccessible(document.body);
});

test("two instants are read as people write them, and must be in order", async () => {
  const user = userEvent.setup();
  const onChange = show();
  await user.click(screen.getByRole("button", { name: /4 Oct to 3 Nov 2026/ }));
  const from = screen.getByLabelText("From");
  const to = screen.getByLabelText("To");
  await user.clear(from);
  await user.type(from, "-2h");
  await user.clear(to);
  await user.type(to, "2 Nov");
  expect(screen.getByText("The end must be after the beginning.")).toBeTruthy();
  await user.clear(to);
  await user.type(to, "soon");
  expect(screen.getByText(/^Not understood/)).toBeTruthy();
  await user.clear(to);
  await user.type(to, "now{Enter}");
  expect(onChange).toHaveBeenCalledExactlyOnceWith({
    last: null,
    from: "2026-11-03T08:00:00.0000000Z",
    to: "2026-11-03T10:00:00.0000000Z",
  });
});
