// The uploads of this browser tab. They stand outside of the pages, so that they go on while one looks elsewhere.
import { useSyncExternalStore } from "react";
import { ApiError, call } from "@/api/call";
import type { DroppedFile } from "@/lib/droppedFiles";
import { batches as cut, isActive, type Batch, type BatchState, type UploadFile } from "./batch";
import { forget, identity, remembered } from "./resume";
import { FileGone, persist, sendFile, type Watcher } from "./sendFile";

/** Files that are sent at once */
const atOnce = 3;
/** Least time between two changes that a page is told of (ms) */
const pace = 250;

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** Resolves when `isHeld` no longer holds; asks `listen` when to look again. */
function until(
  isHeld: () => boolean,
  listen: (listener: () => void) => () => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = listen(() => {
      look();
    });
    const look = () => {
      if (isHeld() && !signal.aborted) return;
      end();
      signal.removeEventListener("abort", look);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    signal.addEventListener("abort", look);
    look();
  });
}

interface Running {
  batch: Batch;
  dropped: readonly DroppedFile[];
  control: AbortController;
  uploadIds: (string | null)[];
}

export class Uploads {
  private readonly queue: Running[] = [];
  private readonly listeners = new Set<() => void>();
  private shown: readonly Batch[] = [];
  private told = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private busy = false;
  private count = 0;

  constructor(private readonly wait: Watcher["wait"] = pause) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly Batch[] => this.shown;

  /** Files become one import, or several where they are very many. Answers the first batch's id. */
  add(dropped: readonly DroppedFile[]): number {
    const first = this.count + 1;
    for (const part of cut(dropped)) {
      this.count += 1;
      const files = part.map<UploadFile>(({ file, path }) => ({
        path,
        size: file.size,
        received: 0,
        state: file.size === 0 ? "failed" : "waiting",
        reason: file.size === 0 ? "The file is empty." : "",
        resumed: false,
      }));
      this.queue.push({
        batch: {
          id: this.count,
          files,
          state: "waiting",
          reason: "",
          isPaused: false,
          jobId: null,
        },
        dropped: part,
        control: new AbortController(),
        uploadIds: part.map(() => null),
      });
    }
    this.tell(true);
    void this.work();
    return first;
  }

  /** Ends a batch that was not handed over yet; what had arrived is given up. */
  stop(id: number): void {
    const running = this.queue.find(({ batch }) => batch.id === id);
    if (!running || !isActive(running.batch)) return;
    running.control.abort(new DOMException("Stopped", "AbortError"));
    this.set(running, "stopped", "");
    running.dropped.forEach(({ path, file }) => {
      const uploadId = remembered(identity(path, file));
      if (uploadId === null) return;
      forget(identity(path, file));
      // It goes by itself after a day where this fails.
      call("deleteUpload", { path: { upload_id: uploadId } }).catch(() => undefined);
    });
  }

  /** Holds a batch after the pieces that are on their way, or lets it go on. */
  pause(id: number, isPaused: boolean): void {
    const running = this.queue.find(({ batch }) => batch.id === id);
    if (!running || !isActive(running.batch)) return;
    running.batch = { ...running.batch, isPaused };
    this.tell(true);
  }

  /** Takes an ended batch from the page. */
  dismiss(id: number): void {
    const at = this.queue.findIndex(({ batch }) => batch.id === id && !isActive(batch));
    if (at >= 0) this.queue.splice(at, 1);
    this.tell(true);
  }

  private tell(now: boolean): void {
    const due = this.told + pace - Date.now();
    if (!now && due > 0) {
      this.timer ??= setTimeout(() => {
        this.tell(true);
      }, due);
      return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.told = Date.now();
    this.shown = this.queue.map(({ batch }) => batch);
    this.listeners.forEach((listener) => {
      listener();
    });
  }

  private set(running: Running, state: BatchState, reason: string, jobId?: string): void {
    running.batch = { ...running.batch, state, reason, jobId: jobId ?? running.batch.jobId };
    this.tell(true);
  }

  private setFile(running: Running, at: number, part: Partial<UploadFile>): void {
    const files = running.batch.files.map((file, index) =>
      index === at ? { ...file, ...part } : file,
    );
    running.batch = { ...running.batch, files };
    this.tell(part.state === "failed");
  }

  /** One batch after another; the next one when the import before it has left the server's queue. */
  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    let jobBefore: string | null = null;
    for (;;) {
      const next = this.queue.find(({ batch }) => batch.state === "waiting");
      if (!next) break;
      try {
        if (jobBefore !== null) await this.untilEnded(jobBefore, next);
        jobBefore = await this.send(next);
      } catch (error) {
        if (isActive(next.batch)) {
          this.set(next, "failed", error instanceof Error ? error.message : String(error));
          next.control.abort(error);
        }
      }
    }
    this.busy = false;
  }

  private watcher(running: Running, onProgress: Watcher["onProgress"]): Watcher {
    return {
      onProgress,
      onInterrupted: (reason) => {
        if (!isActive(running.batch)) return;
        this.set(running, reason === null ? "sending" : "interrupted", reason ?? "");
      },
      wait: this.wait,
      ready: (signal) => until(() => running.batch.isPaused, this.subscribe, signal),
    };
  }

  private async untilEnded(jobId: string, running: Running): Promise<void> {
    const { signal } = running.control;
    const watcher = this.watcher(running, () => undefined);
    for (;;) {
      const { progress } = await persist(
        () => call("getImport", { path: { import_id: jobId } }, signal),
        watcher,
        signal,
      );
      if (progress.state !== "queued" && progress.state !== "running") return;
      await this.wait(2, signal);
    }
  }

  private async send(running: Running): Promise<string | null> {
    this.set(running, "sending", "");
    const { signal } = running.control;
    let next = 0;
    const worker = async () => {
      while (next < running.dropped.length) {
        const at = next;
        next += 1;
        await this.sendOne(running, at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    signal.throwIfAborted();
    const ids = running.uploadIds.filter(
      (id, at): id is string => id !== null && running.batch.files[at]?.state === "sent",
    );
    if (ids.length === 0) {
      this.set(running, "failed", "No file could be uploaded.");
      return null;
    }
    const job = await persist(
      () => call("startImport", { body: { upload_ids: ids } }, signal),
      this.watcher(running, () => undefined),
      signal,
    );
    running.dropped.forEach(({ path, file }) => {
      forget(identity(path, file));
    });
    this.set(running, "started", "", job.id);
    return job.id;
  }

  private async sendOne(running: Running, at: number): Promise<void> {
    const dropped = running.dropped[at];
    if (!dropped || running.batch.files[at]?.state !== "waiting") return;
    await until(() => running.batch.isPaused, this.subscribe, running.control.signal);
    this.setFile(running, at, { state: "sending" });
    const watcher = this.watcher(running, (received, resumed) => {
      this.setFile(running, at, { received, ...(resumed ? { resumed } : {}) });
    });
    try {
      const upload = await sendFile(dropped, watcher, running.control.signal);
      running.uploadIds[at] = upload.id;
      this.setFile(running, at, { state: "sent", received: upload.size });
    } catch (error) {
      if (running.control.signal.aborted) throw error;
      if (!(error instanceof ApiError) && !(error instanceof FileGone)) throw error;
      this.setFile(running, at, { state: "failed", reason: error.message });
      // What fails one file for lack of room or right fails them all.
      if (error instanceof ApiError && (error.code === "no_space" || error.status === 403)) {
        throw error;
      }
    }
  }
}

export const uploads = new Uploads();

export function useUploads(): readonly Batch[] {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}

// Leaving the tab ends an upload on its way; moving between pages does not.
window.addEventListener("beforeunload", (event) => {
  if (uploads.snapshot().some(isActive)) event.preventDefault();
});
