// The filter language as far as the page needs it: the term at the caret, its completions, terms to add and take away.
// The server reads it; what it says of a filter is what holds.

export interface FilterField {
  name: string;
  doc?: string;
  /** Offered after `name:` */
  values?: readonly string[];
}

export interface FilterTerm {
  /** Offsets into the text */
  start: number;
  end: number;
  text: string;
}

/** Terms with blanks between; blanks in quotes belong to a term. */
export function filterTerms(filter: string): FilterTerm[] {
  const terms: FilterTerm[] = [];
  let start = -1;
  let quoted = false;
  for (let at = 0; at <= filter.length; at += 1) {
    const char = filter[at];
    if (char === undefined || (!quoted && /\s/.test(char))) {
      if (start >= 0) terms.push({ start, end: at, text: filter.slice(start, at) });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (char === '"') quoted = !quoted;
  }
  return terms;
}

/** A value as the language wants it written. */
export function filterValue(value: string): string {
  return value !== "" && /^[\p{L}\p{N}_.\\+$#-]+$/u.test(value) && !value.startsWith("-")
    ? value
    : `"${value.replace(/"/g, '""')}"`;
}

const words = ["has:technique", "has:alert", "has:flag", "has:note", "has:process"];

export interface Completion {
  /** What the term becomes */
  text: string;
  doc: string;
}

/** Completions of the term that ends at or holds the caret; the exact text itself is not one. */
export function completions(
  filter: string,
  caret: number,
  fields: readonly FilterField[],
  most = 10,
): { term: FilterTerm; items: Completion[] } | null {
  const term = filterTerms(filter).find(({ start, end }) => start < caret && caret <= end);
  if (!term) return null;
  const typed = filter.slice(term.start, caret);
  const minus = typed.startsWith("-") ? "-" : "";
  const body = typed.slice(minus.length);
  const value = /^(\w+):(.*)$/.exec(body);
  if (value) {
    const [, name = "", begun = ""] = value;
    const field = fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
    const from = begun.replace(/^"/, "").toLowerCase();
    const items = (field?.values ?? [])
      .filter((each) => each !== "" && each.toLowerCase().startsWith(from))
      .slice(0, most)
      .map((each) => ({ text: `${minus}${field?.name ?? name}:${filterValue(each)}`, doc: "" }))
      .filter((each) => each.text !== typed);
    return items.length > 0 ? { term, items } : null;
  }
  if (!/^\w+$/.test(body)) return null;
  const lower = body.toLowerCase();
  const match = (name: string) => name.toLowerCase().startsWith(lower);
  const inside = (name: string) => !match(name) && name.toLowerCase().includes(lower);
  const byName = [
    ...fields.filter((field) => match(field.name)),
    ...fields.filter((field) => body.length > 2 && inside(field.name)),
  ].map((field) => ({ text: `${minus}${field.name}:`, doc: field.doc ?? "" }));
  const special = words.filter(match).map((each) => ({ text: `${minus}${each}`, doc: "" }));
  const items = [...special, ...byName].slice(0, most);
  return items.length > 0 ? { term, items } : null;
}

/** Field and values of a term `Field:a,b` or `-Field:a,b`; null for any other term. */
export function readTerm(text: string): { not: boolean; field: string; values: string[] } | null {
  const match = /^(-?)(\w+):(.+)$/s.exec(text);
  if (!match) return null;
  const [, not, field = "", rest = ""] = match;
  const values: string[] = [];
  const shape = /(?:"((?:[^"]|"")*)"|([^",]+))(?:,|$)/gy;
  let used = 0;
  for (const value of rest.matchAll(shape)) {
    values.push(value[1] === undefined ? (value[2] ?? "") : value[1].replace(/""/g, '"'));
    used += value[0].length;
  }
  return used === rest.length ? { not: not === "-", field, values } : null;
}

export type TermAct = "only" | "exclude" | "add" | "drop";

/** The filter with a value of a field made the only one, left out, added to those wanted, or no longer named. */
export function withValue(filter: string, field: string, value: string, act: TermAct): string {
  const written = filterValue(value);
  const kept: string[] = [];
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const { text } of filterTerms(filter)) {
    const term = readTerm(text);
    const plainValues = term && !/[*<>]/.test(text.replace(/"[^"]*"/g, ""));
    if (!term || !plainValues || term.field.toLowerCase() !== field.toLowerCase()) kept.push(text);
    else (term.not ? unwanted : wanted).push(...term.values);
  }
  const others = (values: string[]) =>
    values.filter((each) => each.toLowerCase() !== value.toLowerCase()).map(filterValue);
  const only = act === "only" ? [written] : others(wanted);
  if (act === "add") only.push(written);
  const not = act === "only" ? [] : others(unwanted);
  if (act === "exclude") not.push(written);
  if (only.length > 0) kept.push(`${field}:${only.join(",")}`);
  if (not.length > 0) kept.push(`-${field}:${not.join(",")}`);
  return kept.join(" ");
}

/** How a filter stands to a value of a field. */
export function valueState(filter: string, field: string, value: string): "on" | "off" | "free" {
  for (const { text } of filterTerms(filter)) {
    const term = readTerm(text);
    if (term?.field.toLowerCase() !== field.toLowerCase()) continue;
    const named = term.values.some((each) => each.toLowerCase() === value.toLowerCase());
    if (named) return term.not ? "off" : "on";
  }
  return "free";
}
