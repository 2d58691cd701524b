// A server of the build folder on a data folder of its own, with the sample logs imported: what the pages are tried on.
// Spoor never serves as root: where root runs this, the server becomes SPOOR_SERVER_USER (nobody).
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { busyLog, hostileLog } from "./fixtures/logs";

const here = dirname(fileURLToPath(import.meta.url));
const programs = process.env.SPOOR_PROGRAMS ?? join(here, "../../build/bin");
const pages = join(here, "../dist");
/** More than two pages of a timeline */
const busyEvents = 480;
const isRoot = process.getuid?.() === 0;

export interface Running {
  url: string;
  stop: () => Promise<void>;
}

export interface Served extends Running {
  /** Of the user `admin`, for once */
  password: string;
  /** Of its own, beside the data: for files that a check makes */
  folder: string;
  /** The sample logs */
  logs: string;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("no port"));
      });
    });
  });
}

async function until(what: string, ready: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (await ready().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${what} did not happen within a minute`);
}

function spoor(args: readonly string[], input = ""): void {
  execFileSync(join(programs, "spoor"), args, { input, stdio: ["pipe", "ignore", "inherit"] });
}

/** Starts a server with the sample logs in it; `all`: with those of e2e/fixtures beside them. */
export async function start(which: "samples" | "all"): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "spoor-pages-"));
  const logs = join(folder, "logs");
  spoor(["admin", "sample", logs]);
  const paths = [logs];
  if (which === "all") {
    const made = join(folder, "made");
    mkdirSync(made);
    writeFileSync(join(made, "hostile.ndjson"), hostileLog());
    writeFileSync(join(made, "busy.ndjson"), busyLog(busyEvents));
    paths.push(made);
  }
  const data = join(folder, "data");
  spoor(["import", "--data", data, ...paths]);
  const { url, stop } = await serve(folder);
  const password = readFileSync(join(data, "first-admin-password"), "utf8").trim();
  return { url, password, folder, logs, stop };
}

/** Starts a server on a copy of a data folder, where `name` may sign in. */
export async function startCopy(of: string, name: string, password: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "spoor-pages-"));
  const data = join(folder, "data");
  execFileSync("cp", ["-a", "--reflink=auto", of, data]);
  rmSync(join(data, "store.lock"), { force: true });
  spoor(
    ["admin", "user", "add", name, "--role", "administrator", "--lasting", "--data", data],
    `${password}\n`,
  );
  return serve(folder);
}

/** Serves `data` of a folder, which goes with the server. */
async function serve(folder: string): Promise<Running> {
  // The certificate is the server's own, made at its start.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const data = join(folder, "data");
  const user = process.env.SPOOR_SERVER_USER ?? "nobody";
  if (isRoot) {
    execFileSync("chmod", ["755", folder]);
    execFileSync("chown", ["-R", user, data]);
  }
  const port = await freePort();
  const url = `https://127.0.0.1:${String(port)}`;
  const server: ChildProcess = spawn(
    join(programs, "spoor"),
    [
      ...["serve", "--data", data, "--server.listen", `127.0.0.1:${String(port)}`],
      ...["--server.web", pages, "--log.level", "warning"],
      ...(isRoot ? ["--server.user", user] : []),
    ],
    { stdio: "inherit" },
  );
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = async () => {
    server.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until("The start of the server", async () => (await fetch(`${url}/readyz`)).ok);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { url, stop };
}
