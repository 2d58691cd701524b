import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { Sentence } from "./Sentence";

const row = {
  Actor: "WINWORD.EXE",
  Account: "mira.oduya",
  Title: "<b>evil</b>\u202e.exe",
  Detail: "evil -x",
  ActionType: "ProcessCreated",
  Group: "process",
};

test("the sentence reads in order, its values stay text", async () => {
  const { container } = renderPart(<Sentence row={row} />);
  expect(container.textContent).toContain("WINWORD.EXE started <b>evil</b>⟨RLO⟩.exe");
  expect(container.querySelector("b")).toBeNull();
  expect(screen.getByTitle("right-to-left override")).toBeTruthy();
  await expectAccessible(container);
});

test("who did it can be left out where that stands above", () => {
  const { container } = renderPart(<Sentence row={row} withoutActor />);
  expect(container.textContent?.trimStart().startsWith("started ")).toBe(true);
});
