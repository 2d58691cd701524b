import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { steady, useSteadyRows } from "./steadyRows";

interface Row {
  id: string;
  seen: number;
}
const idOf = ({ id }: Row) => id;
const rows = (text: string, seen = 1): Row[] => [...text].map((id) => ({ id, seen }));
const letters = (found: readonly Row[]) => found.map(idOf).join("");

test.each([
  ["abc", "abc", "abc", false],
  ["abc", "cab", "abc", true],
  ["abc", "abcde", "abcde", false],
  ["abc", "xabc", "abc", true],
  ["abc", "ab", "abc", true],
])("%s read anew as %s shows %s", (before, now, shown, hasMoved) => {
  const held = new Map(rows(before).map((row) => [row.id, row]));
  const found = steady([...before], held, rows(now, 2), idOf);
  expect(letters(found.rows)).toBe(shown);
  expect(found.hasMoved).toBe(hasMoved);
});

test("values change in place, order when it is asked for or when the question is another", () => {
  const { result, rerender } = renderHook(
    ({ now, question }: { now: Row[]; question: string | null }) =>
      useSteadyRows(now, question, idOf),
    { initialProps: { now: rows("abc"), question: "q" as string | null } },
  );
  rerender({ now: rows("cab", 2), question: "q" });
  expect(letters(result.current.rows)).toBe("abc");
  expect(result.current.rows[0]?.seen).toBe(2);
  expect(result.current.hasMoved).toBe(true);
  act(() => {
    result.current.settle();
  });
  expect(letters(result.current.rows)).toBe("cab");
  expect(result.current.hasMoved).toBe(false);
  rerender({ now: rows("cab", 2), question: null });
  expect(letters(result.current.rows)).toBe("cab");
  rerender({ now: rows("xy"), question: "other" });
  expect(letters(result.current.rows)).toBe("xy");
});
