// The one way to talk to the server: each operation of the API by its name, its answer typed by the contract.
import { operations, type ErrorCode, type Operations } from "./gen/api";

type Name = keyof Operations;
type Parts<N extends Name> = Omit<Operations[N], "answer">;
export type Answer<N extends Name> = Operations[N]["answer"];
/** Path, query and body of an operation, as the contract has them. */
export type Request<N extends Name> = Parts<N>;

/** An error as the server words it; `status` 0 means that the server was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode | "unreachable",
    message: string,
    readonly hint: string,
    readonly requestId: string,
    readonly where: { line?: number; column?: number; field?: string } = {},
    /** Seconds to wait before the next try; null where the server did not say. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

let csrfToken = "";
const signedOut = new Set<() => void>();

/** Set from the session's answer; sent with whatever changes something. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

const reached = new Set<(isReached: boolean) => void>();

/** Called with each call: whether the server was reached at all; answers how to stop being called. */
export function onReached(listener: (isReached: boolean) => void): () => void {
  reached.add(listener);
  return () => reached.delete(listener);
}

function tellReached(isReached: boolean): void {
  reached.forEach((listener) => {
    listener(isReached);
  });
}

/** Called when the server says that the session has ended; answers how to stop being called. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

type Loose = {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
};

/** Address of an operation, for links that the browser follows by itself (downloads, event streams). */
export function address<N extends Name>(name: N, request: Omit<Request<N>, "body">): string {
  const { path = {}, query = {} } = request as Loose;
  let url: string = operations[name].path;
  for (const [key, value] of Object.entries(path)) {
    url = url.replace(`{${key}}`, encodeURIComponent(value));
  }
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) {
      if (value.length > 0) search.set(key, value.join(","));
    } else search.set(key, String(value));
  }
  const text = search.toString();
  return text === "" ? url : `${url}?${text}`;
}

/** Sends a request and answers the response as it is; throws ApiError for anything but success. */
export async function send<N extends Name>(
  name: N,
  request: Request<N>,
  signal?: AbortSignal,
): Promise<Response> {
  const { body } = request as Loose;
  const { method } = operations[name];
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-Spoor-CSRF"] = csrfToken;
  let payload: BodyInit | null = null;
  if (body instanceof Blob) {
    payload = body;
    headers["Content-Type"] = "application/octet-stream";
  } else if (body !== undefined) {
    payload = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  let response: Response;
  try {
    response = await fetch(address(name, request), {
      method,
      headers,
      body: payload,
      credentials: "same-origin",
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    tellReached(false);
    throw new ApiError(
      0,
      "unreachable",
      "The server did not answer.",
      "Is `spoor serve` running?",
      "",
    );
  }
  tellReached(true);
  if (response.ok) return response;
  const error = await readError(response);
  if (error.status === 401 && name !== "signIn" && name !== "getSession") {
    signedOut.forEach((listener) => {
      listener();
    });
  }
  throw error;
}

async function readError(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : null;
  try {
    const { error } = (await response.json()) as {
      error: {
        code: ErrorCode;
        message: string;
        hint: string;
        request_id: string;
        where?: { line?: number; column?: number; field?: string };
      };
    };
    return new ApiError(
      response.status,
      error.code,
      error.message,
      error.hint,
      error.request_id,
      error.where,
      retryAfter,
    );
  } catch {
    const message = `The server answered ${String(response.status)} without saying why.`;
    return new ApiError(response.status, "internal", message, "", "", {}, retryAfter);
  }
}

/** Calls an operation and answers its decoded answer (undefined where it has none). */
export async function call<N extends Name>(
  name: N,
  request: Request<N>,
  signal?: AbortSignal,
): Promise<Answer<N>> {
  const response = await send(name, request, signal);
  if (response.status === 204) return undefined as Answer<N>;
  const type = response.headers.get("Content-Type") ?? "";
  return (type.includes("json") ? await response.json() : await response.text()) as Answer<N>;
}

/** Query key and function of a read, for TanStack Query: the key lists every argument. */
export function query<N extends Name>(name: N, request: Request<N>) {
  return {
    queryKey: [name, request] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) => call(name, request, signal),
  };
}
