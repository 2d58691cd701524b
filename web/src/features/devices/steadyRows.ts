// A list that is read anew while somebody looks at it: values change in place, rows do not move until they are asked to.
import { useState } from "react";

export interface Steady<R> {
  rows: R[];
  /** Reading anew has brought another order, other rows, or fewer */
  hasMoved: boolean;
}

/** The rows as they stood (`ids`), with what is known of them now; rows that follow at the end are let in. */
export function steady<R>(
  ids: readonly string[],
  before: ReadonlyMap<string, R>,
  now: readonly R[],
  idOf: (row: R) => string,
): Steady<R> {
  const fresh = new Map(now.map((row) => [idOf(row), row]));
  const stood = new Set(ids);
  const rows = ids.flatMap((id) => fresh.get(id) ?? before.get(id) ?? []);
  const added = now.slice(ids.length).filter((row) => !stood.has(idOf(row)));
  const order = [...ids, ...added.map(idOf)];
  return {
    rows: [...rows, ...added],
    hasMoved: order.length !== now.length || now.some((row, at) => idOf(row) !== order[at]),
  };
}

/** Holds the order of `now` until `question` changes or `settle` is called. */
export function useSteadyRows<R>(
  now: readonly R[],
  /** What the rows answer; null while they still answer the one before */
  question: string | null,
  idOf: (row: R) => string,
): Steady<R> & { settle: () => void } {
  const [held, setHeld] = useState<{
    question: string | null;
    now: readonly R[];
    rows: readonly R[];
  }>({
    question,
    now,
    rows: now,
  });
  const isNew = question !== null && question !== held.question;
  const before = new Map(held.rows.map((row) => [idOf(row), row]));
  const ids = held.rows.map(idOf);
  const next = isNew
    ? { rows: [...now], hasMoved: false }
    : question === null
      ? { rows: [...held.rows], hasMoved: false }
      : steady(ids, before, now, idOf);
  if (isNew || (question !== null && held.now !== now)) {
    setHeld({ question, now, rows: next.rows });
  }
  return {
    ...next,
    settle: () => {
      setHeld({ question, now, rows: now });
    },
  };
}
