import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Upload } from "@/api/gen/api";
import type { DroppedFile } from "@/lib/droppedFiles";
import { isActive, totals } from "./batch";
import { pieceSize } from "./sendFile";
import { Uploads } from "./uploads";

/** A server that keeps what it is sent. `fault` may answer in its place. */
function server() {
  const held = new Map<string, { upload: Upload }>();
  const calls: string[] = [];
  const state: { fault: ((call: string) => Response | null) | null; jobs: string[][] } = {
    fault: null,
    jobs: [],
  };
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/json" },
    });
  const refuse = (status: number, code: string, message = "No.") =>
    json({ error: { code, message, hint: "", request_id: "r" } }, status);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => Promise.resolve(answer(url, init)));
  function answer(url: string, init: RequestInit): Response {
    const name = `${init.method ?? "GET"} ${url}`;
    calls.push(name);
    const fault = state.fault?.(name);
    if (fault) return fault;
    const id = /^\/api\/uploads\/([^?]+)/.exec(url)?.[1];
    if (url === "/api/uploads") {
      const { name: label, size } = JSON.parse(String(init.body)) as { name: string; size: number };
      const upload: Upload = {
        id: `u${String(held.size)}`,
        name: label,
        size,
        received: 0,
        sha256: "",
        is_complete: false,
        created: "",
        changed: "",
      };
      held.set(upload.id, { upload });
      return json(upload, 201);
    }
    if (url === "/api/imports") {
      const { upload_ids } = JSON.parse(String(init.body)) as { upload_ids: string[] };
      state.jobs.push(upload_ids);
      return json({ id: `job${String(state.jobs.length)}` }, 202);
    }
    const entry = id === undefined ? undefined : held.get(id);
    if (!entry) return refuse(404, "not_found", "there is no upload");
    if (init.method === "DELETE") {
      held.delete(entry.upload.id);
      return new Response(null, { status: 204 });
    }
    if (init.method === "PUT") {
      const offset = Number(new URL(url, "https://x").searchParams.get("offset"));
      if (offset !== entry.upload.received) return refuse(409, "conflict");
      const received = offset + (init.body as Blob).size;
      entry.upload = {
        ...entry.upload,
        received,
        is_complete: received === entry.upload.size,
      };
    }
    return json(entry.upload);
  }
  return { held, calls, state, refuse };
}

/** A file of zeros; jsdom's own cannot be read. */
const dropped = (path: string, size: number, lastModified = 1): DroppedFile => ({
  file: {
    name: path,
    size,
    lastModified,
    slice: (from: number, to: number) => ({
      arrayBuffer: () => Promise.resolve(new ArrayBuffer(Math.min(to, size) - from)),
    }),
  } as unknown as File,
  path,
});

// Not in the same turn: an endless try must not starve the test.
const noWait = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });

async function settled(uploads: Uploads): Promise<void> {
  await vi.waitFor(() => {
    expect(uploads.snapshot().some(isActive)).toBe(false);
  });
}

beforeEach(() => {
  localStorage.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("files go up in pieces and become one import; an empty one is named and left out", async () => {
  const { state, held, calls } = server();
  const uploads = new Uploads(noWait);
  uploads.add([dropped("Logs/a.evtx", pieceSize + 10), dropped("b.evtx", 3), dropped("c.evtx", 0)]);
  await settled(uploads);
  const [batch] = uploads.snapshot();
  expect(batch?.state).toBe("started");
  expect(batch?.jobId).toBe("job1");
  expect(batch?.files.map(({ state, reason }) => [state, reason])).toEqual([
    ["sent", ""],
    ["sent", ""],
    ["failed", "The file is empty."],
  ]);
  expect(state.jobs).toEqual([["u0", "u1"]]);
  expect([...held.values()].map(({ upload }) => upload.name)).toEqual(["Logs/a.evtx", "b.evtx"]);
  expect(calls.filter((name) => name.startsWith("PUT /api/uploads/u0"))).toHaveLength(2);
});

test("a connection that breaks is waited for, and the upload goes on where the server has it", async () => {
  const { state } = server();
  const reasons: string[] = [];
  let broken = 0;
  state.fault = (name) => {
    if (name.startsWith("PUT") && name.endsWith(`offset=${String(pieceSize)}`) && broken < 2) {
      broken += 1;
      throw new TypeError("Failed to fetch");
    }
    return null;
  };
  const uploads = new Uploads(() => {
    reasons.push(uploads.snapshot()[0]?.reason ?? "");
    return Promise.resolve();
  });
  uploads.add([dropped("a.evtx", pieceSize * 2)]);
  await settled(uploads);
  expect(broken).toBe(2);
  expect(reasons[0]).toBe(
    "The server does not answer. Trying again in 1 s; what has arrived is kept.",
  );
  expect(uploads.snapshot()[0]?.state).toBe("started");
  expect(uploads.snapshot()[0]?.reason).toBe("");
});

test("a piece whose answer was lost is not sent twice", async () => {
  const { state, calls, held } = server();
  let lost = false;
  state.fault = (name) => {
    const entry = held.get("u0");
    if (!name.startsWith("PUT") || lost || !entry) return null;
    lost = true;
    entry.upload = { ...entry.upload, received: pieceSize };
    throw new TypeError("Failed to fetch");
  };
  const uploads = new Uploads(noWait);
  uploads.add([dropped("a.evtx", pieceSize + 5)]);
  await settled(uploads);
  expect(uploads.snapshot()[0]?.state).toBe("started");
  expect(calls.filter((name) => name.startsWith("PUT")).map((name) => name.split("=")[1])).toEqual([
    "0",
    "0",
    String(pieceSize),
  ]);
});

test("after the page was loaded again the same file goes on, another one of its name does not", async () => {
  const { state, refuse, calls } = server();
  state.fault = (name) =>
    name.endsWith(`offset=${String(pieceSize)}`) ? refuse(507, "no_space", "no room") : null;
  const before = new Uploads(noWait);
  before.add([dropped("a.evtx", pieceSize + 5)]);
  await settled(before);
  expect(before.snapshot()[0]?.state).toBe("failed");
  expect(before.snapshot()[0]?.reason).toBe("no room");

  state.fault = null;
  calls.length = 0;
  const after = new Uploads(noWait);
  after.add([dropped("a.evtx", pieceSize + 5)]);
  await settled(after);
  expect(calls.slice(0, 2)).toEqual([
    "GET /api/uploads/u0",
    `PUT /api/uploads/u0?offset=${String(pieceSize)}`,
  ]);
  const [batch] = after.snapshot();
  expect(batch && totals(batch).resumed).toBe(1);

  calls.length = 0;
  after.add([dropped("a.evtx", pieceSize + 5, 2)]);
  await vi.waitFor(() => {
    expect(calls).toContain("POST /api/uploads");
  });
});

test("a paused upload sends nothing more until it goes on", async () => {
  const { calls, state } = server();
  const uploads = new Uploads(noWait);
  const id = uploads.add([dropped("a.evtx", pieceSize * 3)]);
  uploads.pause(id, true);
  await vi.waitFor(() => {
    expect(uploads.snapshot()[0]?.isPaused).toBe(true);
  });
  await new Promise((done) => setTimeout(done, 50));
  const before = calls.filter((call) => call.startsWith("PUT")).length;
  expect(before).toBeLessThan(3);
  expect(state.jobs).toEqual([]);
  uploads.pause(id, false);
  await vi.waitFor(() => {
    expect(state.jobs).toHaveLength(1);
  });
  expect(calls.filter((call) => call.startsWith("PUT"))).toHaveLength(3);
});

test("a paused upload can be stopped", async () => {
  server();
  const uploads = new Uploads(noWait);
  const id = uploads.add([dropped("a.evtx", pieceSize * 3)]);
  uploads.pause(id, true);
  uploads.stop(id);
  await vi.waitFor(() => {
    expect(uploads.snapshot()[0]?.state).toBe("stopped");
  });
});

test("stopping gives up what had arrived and imports nothing", async () => {
  const { state, held } = server();
  const uploads = new Uploads(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      }),
  );
  state.fault = (name) => {
    if (name.startsWith("PUT")) throw new TypeError("Failed to fetch");
    return null;
  };
  const id = uploads.add([dropped("a.evtx", 5)]);
  await vi.waitFor(() => {
    expect(uploads.snapshot()[0]?.state).toBe("interrupted");
  });
  uploads.stop(id);
  await vi.waitFor(() => {
    expect(held.size).toBe(0);
  });
  expect(uploads.snapshot()[0]?.state).toBe("stopped");
  expect(state.jobs).toEqual([]);
  uploads.dismiss(id);
  expect(uploads.snapshot()).toEqual([]);
});
