// What is uploaded together and becomes one import: the state that pages show of it.
import type { DroppedFile } from "@/lib/droppedFiles";

export type FileState = "waiting" | "sending" | "sent" | "failed";

export interface UploadFile {
  path: string;
  size: number;
  /** Bytes that are on the server's disk */
  received: number;
  state: FileState;
  /** Of a failure */
  reason: string;
  /** A part of it was there from an earlier try */
  resumed: boolean;
}

export type BatchState =
  | "waiting"
  | "sending"
  /** The server does not answer, or asks to wait */
  | "interrupted"
  | "started"
  | "failed"
  | "stopped";

export interface Batch {
  id: number;
  files: readonly UploadFile[];
  state: BatchState;
  /** Of an interruption or a failure */
  reason: string;
  /** A person holds it: nothing more is sent until it goes on */
  isPaused: boolean;
  /** The import that it became */
  jobId: string | null;
}

/** Files of one import at most: fewer than the server takes, so that what waits there leaves room. */
export const filesOfBatch = 400;

/** Cuts what was dropped into what one import takes. */
export function batches(files: readonly DroppedFile[]): DroppedFile[][] {
  const all: DroppedFile[][] = [];
  for (let at = 0; at < files.length; at += filesOfBatch) {
    all.push(files.slice(at, at + filesOfBatch));
  }
  return all;
}

export interface Totals {
  bytes: number;
  received: number;
  sent: number;
  failed: number;
  resumed: number;
}

export function totals(batch: Batch): Totals {
  const sum: Totals = { bytes: 0, received: 0, sent: 0, failed: 0, resumed: 0 };
  for (const file of batch.files) {
    if (file.state === "failed") {
      sum.failed += 1;
      continue;
    }
    sum.bytes += file.size;
    sum.received += file.received;
    if (file.state === "sent") sum.sent += 1;
    if (file.resumed) sum.resumed += 1;
  }
  return sum;
}

export function isActive(batch: Batch): boolean {
  return ["waiting", "sending", "interrupted"].includes(batch.state);
}
