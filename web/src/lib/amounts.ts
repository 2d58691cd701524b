// Numbers as they read: 1,284 · 1 file · 4.2 MB.

/** `1,284` */
export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** `1 file`, `1,284 files`; `many` where the plural is not `one` and an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

const units = ["KB", "MB", "GB", "TB"] as const;

/** `812 B`, `68 KB`, `4.2 MB`: units of 1,024, three digits at most. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  let size = bytes;
  let unit = "";
  for (const next of units) {
    // What would round to 1,024 is one of the next unit.
    if (size < 1023.5) break;
    size /= 1024;
    unit = next;
  }
  return `${size < 9.95 ? size.toFixed(1) : String(Math.round(size))} ${unit}`;
}
