import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderPart } from "./render";
import {
  choice,
  defineUrl,
  instant,
  list,
  period,
  readUrl,
  sortKeys,
  text,
  useUrlState,
  whole,
  word,
  writeUrl,
  yes,
} from "./urlState";

const page = defineUrl({
  q: text(),
  order: choice(["asc", "desc"], "asc"),
  g: list(),
  row: whole(20, 40, 26),
  fold: yes(true),
  sel: word(/^\d+$/),
  from: instant(),
  last: period(),
  sort: sortKeys(),
});

test("what was written is read again", () => {
  const part = {
    q: 'FileName:"a b" & c',
    order: "desc" as const,
    g: ["proc", "a,b\\c"],
    row: 32,
    fold: false,
    sel: "42",
    from: "2026-11-17T09:12:33.0904127Z",
    last: "P30D",
    sort: [{ id: "time", descending: true }],
  };
  const search = writeUrl(page, "", part);
  expect(search.startsWith("?v=1&")).toBe(true);
  expect(readUrl(page, search)).toEqual({ values: part, unread: [] });
});

test("values as they would be without are left out; unknown keys stay", () => {
  expect(writeUrl(page, "?v=1&q=x&extra=1", { q: "", order: "asc" })).toBe("?v=1&extra=1");
  expect(writeUrl(page, "?v=1&sel=4", { sel: null })).toBe("");
});

test("a bad value falls back and is named", () => {
  const { values, unread } = readUrl(page, "?v=1&from=soon&order=up&row=900&q=a");
  expect(unread).toEqual(["order", "row", "from"]);
  expect(values.row).toBe(26);
  expect(values.q).toBe("a");
});

test("changes of one moment add up, push or replace, and Back takes them away", async () => {
  let change: ReturnType<typeof useUrlState<typeof page>>[1] = () => undefined;
  function Page() {
    const [values, set] = useUrlState(page);
    change = set;
    return <p>{`${values.q}|${values.order}`}</p>;
  }
  const { router } = renderPart(<Page />);
  act(() => {
    change({ q: "a" });
    change({ order: "desc" });
  });
  expect(screen.getByText("a|desc")).toBeTruthy();
  act(() => {
    change({ q: "b" }, { replace: true });
  });
  expect(screen.getByText("b|desc")).toBeTruthy();
  await act(() => router.navigate(-1));
  expect(screen.getByText("a|asc")).toBeTruthy();
});
