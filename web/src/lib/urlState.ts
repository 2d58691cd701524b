// What a page shows stands in its address: `v=1 & key=value…`, read through zod, unknown keys kept.
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { z } from "zod";
import { ticksOf } from "./time";
import { readPeriod } from "./timeInput";

/** The version of the grammar that links are written in. */
const version = "1";

export interface UrlKey<T> {
  schema: z.ZodType<T>;
  /** What an absent or unreadable value stands for; never written */
  fallback: T;
  write: (value: T) => string;
}

type Values<S> = { [K in keyof S]: S[K] extends UrlKey<infer T> ? T : never };

/** Free text. */
export function text(most = 4000): UrlKey<string> {
  return { schema: z.string().max(most), fallback: "", write: (value) => value };
}

/** One of some words. */
export function choice<const T extends string>(words: readonly T[], fallback: T): UrlKey<T> {
  const schema = z
    .string()
    .refine((value): value is T => (words as readonly string[]).includes(value));
  return { schema: schema as unknown as z.ZodType<T>, fallback, write: (value) => value };
}

/** Words with commas between; commas and backslashes inside stand behind a backslash. */
export function list(most = 64): UrlKey<readonly string[]> {
  return {
    schema: z
      .string()
      .transform((value) => splitList(value))
      .pipe(z.array(z.string().min(1)).max(most)),
    fallback: [],
    write: (values) => values.map((value) => value.replace(/[\\,]/g, "\\$&")).join(","),
  };
}

function splitList(value: string): string[] {
  return (value.match(/(?:[^\\,]|\\.)+/g) ?? []).map((word) => word.replace(/\\(.)/g, "$1"));
}

/** A whole number within bounds. */
export function whole(least: number, most: number, fallback: number): UrlKey<number> {
  return {
    schema: z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number)
      .pipe(z.number().min(least).max(most)),
    fallback,
    write: String,
  };
}

/** `1` or `0`. */
export function yes(fallback = false): UrlKey<boolean> {
  return {
    schema: z.enum(["0", "1"]).transform((value) => value === "1"),
    fallback,
    write: (value) => (value ? "1" : "0"),
  };
}

/** A word of a shape, or null. */
export function word(shape: RegExp): UrlKey<string | null> {
  return { schema: z.string().regex(shape), fallback: null, write: (value) => value ?? "" };
}

/** An instant in UTC, or null. */
export function instant(): UrlKey<string | null> {
  return {
    schema: z.string().refine((value) => ticksOf(value) !== null),
    fallback: null,
    write: (value) => value ?? "",
  };
}

/** An ISO 8601 duration (`P30D`), or null. */
export function period(): UrlKey<string | null> {
  return {
    schema: z.string().refine((value) => readPeriod(value) !== null),
    fallback: null,
    write: (value) => value ?? "",
  };
}

/** `time:asc,name:desc`. */
export function sortKeys(
  fallback: readonly { id: string; descending: boolean }[] = [],
): UrlKey<readonly { id: string; descending: boolean }[]> {
  return {
    schema: z
      .string()
      .regex(/^[\w-]+:(asc|desc)(,[\w-]+:(asc|desc))*$/)
      .transform((value) =>
        value.split(",").map((part) => {
          const [id = "", order] = part.split(":");
          return { id, descending: order === "desc" };
        }),
      ),
    fallback,
    write: (keys) => keys.map((key) => `${key.id}:${key.descending ? "desc" : "asc"}`).join(","),
  };
}

/** Names the keys of a page. */
export function defineUrl<S extends object>(schema: S): S {
  return schema;
}

type AnyKey = UrlKey<unknown>;
const keysOf = (schema: object) => Object.entries(schema) as [string, AnyKey][];

/** Reads a query; `unread` names the keys whose values were not understood. */
export function readUrl<S extends object>(
  schema: S,
  search: string,
): { values: Values<S>; unread: string[] } {
  const query = new URLSearchParams(search);
  const unread: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, key] of keysOf(schema)) {
    values[name] = key.fallback;
    const raw = query.get(name);
    if (raw === null) continue;
    const read = key.schema.safeParse(raw);
    if (read.success) values[name] = read.data;
    else unread.push(name);
  }
  return { values: values as Values<S>, unread };
}

/** The query with some values changed; what is as it would be without is left out. */
export function writeUrl<S extends object>(
  schema: S,
  search: string,
  part: Partial<Values<S>>,
): string {
  const query = new URLSearchParams(search);
  query.delete("v");
  for (const [name, key] of keysOf(schema)) {
    if (!(name in part)) continue;
    const value: unknown = part[name as keyof typeof part];
    const written = value === null || value === undefined ? "" : key.write(value);
    const plain = key.fallback === null ? "" : key.write(key.fallback);
    if (written === plain || value === undefined || value === null) query.delete(name);
    else query.set(name, written);
  }
  const rest = query
    .toString()
    // What a query may hold as it is stays readable.
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",")
    .replace(/%7E/g, "~");
  return rest === "" ? "" : `?v=${version}&${rest}`;
}

export type Change<V> = (part: Partial<V>, options?: { replace?: boolean }) => void;

/** The values of the page's address, how to change them, and the keys that could not be read. */
export function useUrlState<S extends object>(
  schema: S,
): [Values<S>, Change<Values<S>>, readonly string[]] {
  const location = useLocation();
  const navigate = useNavigate();
  const { values, unread } = useMemo(
    () => readUrl(schema, location.search),
    [schema, location.search],
  );
  // Several changes before the next drawing add up.
  const latest = useRef(location.search);
  useEffect(() => {
    latest.current = location.search;
  }, [location.search]);
  const change = useCallback<Change<Values<S>>>(
    (part, { replace = false } = {}) => {
      const next = writeUrl(schema, latest.current, part);
      if (next === latest.current) return;
      latest.current = next;
      void navigate({ search: next }, { replace, preventScrollReset: true });
    },
    [schema, navigate],
  );
  return [values, change, unread];
}
