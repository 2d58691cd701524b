// Sends one file in pieces, going on where the server has it up to, through whatever breaks on the way.
import { ApiError, call } from "@/api/call";
import type { Upload } from "@/api/gen/api";
import type { DroppedFile } from "@/lib/droppedFiles";
import { forget, identity, remember, remembered } from "./resume";

/** Bytes of one request */
export const pieceSize = 4 * 1024 * 1024;
const longestWait = 30;

/** The browser cannot read the file any more. */
export class FileGone extends Error {}

export interface Watcher {
  onProgress: (received: number, resumed: boolean) => void;
  /** The server is away, or asks to wait; null once it answers again */
  onInterrupted: (reason: string | null) => void;
  wait: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Before each piece: resolves at once, or when a person lets a paused upload go on */
  ready: (signal: AbortSignal) => Promise<void>;
}

/** True for what passes by itself: the server is away, overloaded, or wants one to sign in again. */
function passes(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    (error.status === 0 ||
      error.status === 401 ||
      error.status === 429 ||
      (error.status >= 500 && error.code !== "no_space"))
  );
}

function wording(error: ApiError, seconds: number): string {
  const again = `Trying again in ${String(seconds)} s; what has arrived is kept.`;
  if (error.status === 0) return `The server does not answer. ${again}`;
  if (error.status === 401) return "The session has ended. The upload goes on after signing in.";
  return `${error.message} ${again}`;
}

/** Does something until it succeeds or fails for good. */
export async function persist<T>(
  act: () => Promise<T>,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await act();
      if (tries > 0) watcher.onInterrupted(null);
      return answer;
    } catch (error) {
      if (!passes(error)) throw error;
      const seconds = error.retryAfter ?? Math.min(longestWait, 2 ** tries);
      watcher.onInterrupted(wording(error, seconds));
      await watcher.wait(seconds, signal);
    }
  }
}

async function begin(
  { file, path }: DroppedFile,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Upload> {
  const known = remembered(identity(path, file));
  if (known !== null) {
    try {
      const found = await persist(
        () => call("getUpload", { path: { upload_id: known } }, signal),
        watcher,
        signal,
      );
      if (found.size === file.size) return found;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }
  const made = await persist(
    () => call("createUpload", { body: { name: path, size: file.size } }, signal),
    watcher,
    signal,
  );
  remember(identity(path, file), made.id);
  return made;
}

async function pieceOf(file: File, from: number): Promise<Blob> {
  try {
    // Read before it is sent: a file that cannot be read would look like a server that is away.
    return new Blob([await file.slice(from, from + pieceSize).arrayBuffer()]);
  } catch {
    throw new FileGone("The file was changed, moved or is not readable any more.");
  }
}

/** Answers the complete upload. Throws ApiError, FileGone, or the signal's reason. */
export async function sendFile(
  dropped: DroppedFile,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Upload> {
  const { file, path } = dropped;
  let upload = await begin(dropped, watcher, signal);
  watcher.onProgress(upload.received, upload.received > 0);
  while (!upload.is_complete) {
    const { id, received } = upload;
    await watcher.ready(signal);
    const piece = await pieceOf(file, received);
    try {
      upload = await persist(
        () =>
          call(
            "appendUpload",
            { path: { upload_id: id }, query: { offset: received }, body: piece },
            signal,
          ),
        watcher,
        signal,
      );
    } catch (error) {
      // A piece that arrived although its answer did not: the server says where to go on.
      if (!(error instanceof ApiError) || error.status !== 409) {
        if (error instanceof ApiError && error.status === 404) forget(identity(path, file));
        throw error;
      }
      const before = received;
      upload = await persist(
        () => call("getUpload", { path: { upload_id: id } }, signal),
        watcher,
        signal,
      );
      if (upload.received === before) await watcher.wait(1, signal);
    }
    watcher.onProgress(upload.received, false);
  }
  return upload;
}
