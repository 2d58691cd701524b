// A server for tests: answers by method and path, and keeps what it was asked.
import { vi } from "vitest";

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

type Reply = unknown;

/** Answers 401 to who asks for a session unless `permissions` are given. `failure` makes an error of a reply. */
export function stubServer(
  replies: Record<string, Reply | ((asked: Asked) => Reply)>,
  permissions?: readonly string[],
) {
  const asked: Asked[] = [];
  const me = permissions && {
    id: "u1",
    name: "mira",
    role: "administrator",
    kind: "user",
    permissions,
    all_devices: true,
    csrf_token: "t",
    must_change_password: false,
  };
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const { pathname, searchParams } = new URL(url, "https://spoor.example");
    const one: Asked = {
      method: init.method ?? "GET",
      path: pathname,
      query: searchParams,
      body: typeof init.body === "string" ? JSON.parse(init.body) : init.body,
    };
    const name = `${one.method} ${one.path}`;
    if (name === "GET /api/session" && !(name in replies)) {
      return Promise.resolve(me ? json(me, 200) : json({}, 401));
    }
    // Which every page asks for, and few tests are about.
    if (name === "GET /api/me/settings" && !(name in replies)) {
      return Promise.resolve(json({ changed: null }, 200));
    }
    asked.push(one);
    const reply = replies[name];
    const body: unknown =
      typeof reply === "function" ? (reply as (asked: Asked) => Reply)(one) : reply;
    if (body instanceof Response) return Promise.resolve(body);
    if (body === undefined) return Promise.resolve(failure(404, "not_found", `no ${name}`));
    return Promise.resolve(body === null ? new Response(null, { status: 204 }) : json(body, 200));
  });
  return asked;
}

function json(body: unknown, status: number): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });
}

/** An error as the server words it. */
export function failure(status: number, code: string, message: string): Response {
  return json({ error: { code, message, hint: "", request_id: "r1" } }, status);
}
