import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { Segments } from "./Segments";

function Clock() {
  const [value, setValue] = useState("utc");
  return (
    <Segments
      label="Time zone"
      value={value}
      choices={[
        { value: "utc", label: "UTC" },
        { value: "mine", label: "Local", hint: "Europe/Bratislava" },
      ]}
      onChange={setValue}
    />
  );
}

test("is one tab stop, and arrows choose", async () => {
  const { container } = renderPart(<Clock />);
  await userEvent.tab();
  expect(document.activeElement).toBe(screen.getByRole("radio", { name: "UTC" }));
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Local" }).checked).toBe(true);
  await userEvent.tab();
  expect(container.contains(document.activeElement)).toBe(false);
  await expectAccessible(container);
});
