// Which upload on the server goes on with which file: kept in the browser, so that it outlives the page.
import { z } from "zod";

const key = "spoor.uploads";
/** An upload that nothing is sent to is forgotten by the server after a day. */
const keptFor = 24 * 60 * 60 * 1000;
const most = 2000;

const schema = z.record(z.string(), z.object({ id: z.string(), at: z.number() }));

/** A file is the same where its path, its size and the time of its last change are. */
export function identity(path: string, file: File): string {
  return `${path}\n${String(file.size)}\n${String(file.lastModified)}`;
}

function read(): z.infer<typeof schema> {
  try {
    const now = Date.now();
    const all = schema.parse(JSON.parse(localStorage.getItem(key) ?? "{}"));
    return Object.fromEntries(Object.entries(all).filter(([, { at }]) => now - at < keptFor));
  } catch {
    return {};
  }
}

function write(all: z.infer<typeof schema>): void {
  try {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-most))));
  } catch {
    // Without storage an upload goes on within this page alone.
  }
}

export function remembered(identity: string): string | null {
  return read()[identity]?.id ?? null;
}

export function remember(identity: string, id: string): void {
  write({ ...read(), [identity]: { id, at: Date.now() } });
}

export function forget(identity: string): void {
  const { [identity]: gone, ...rest } = read();
  if (gone) write(rest);
}
