// What imports are called, from the labels of their files.
import type { Import } from "@/api/gen/api";
import { countText } from "./amounts";

/** The last part of a path, `/` and `\` alike. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** What an import is called: by its file or folder, or the first of several. */
export function nameOf({ names, id }: Pick<Import, "names" | "id">): string {
  const [first] = names;
  if (first === undefined) return id;
  const top =
    first.includes("/") && !first.startsWith("/") ? first.slice(0, first.indexOf("/")) : "";
  // A folder that was dropped: all of its files begin with its name.
  if (top !== "" && names.every((name) => name.startsWith(`${top}/`))) return top;
  return baseName(first);
}

/** `and 8 more`, where the name does not cover all files. */
export function othersOf(job: Pick<Import, "names" | "id">): string {
  const name = nameOf(job);
  const covered = job.names.every((path) => path.startsWith(`${name}/`));
  const others = covered ? 0 : job.names.length - 1;
  return others > 0 ? `and ${countText(others)} more` : "";
}
