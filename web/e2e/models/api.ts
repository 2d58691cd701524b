// The API as the pages' own session reaches it: to prepare what a check needs, and to see that the server refuses by itself.
import type { APIRequestContext, Page } from "@playwright/test";

export async function allDevices(request: APIRequestContext): Promise<ReadonlyMap<string, string>> {
  const answer = await request.get("/api/devices?limit=1000");
  const { items } = (await answer.json()) as { items: { name: string; device_id: string }[] };
  return new Map(items.map(({ name, device_id }) => [name, device_id]));
}

/** Id of a device that the logs are known to have. */
export function idOf(devices: ReadonlyMap<string, string>, name: string): string {
  const id = devices.get(name);
  if (id === undefined) throw new Error(`${name} is not among ${[...devices.keys()].join(", ")}`);
  return id;
}

/** Status of a change that the page's session asks for, with its token against forged requests. */
export async function statusOf(
  page: Page,
  method: string,
  path: string,
  body: unknown,
): Promise<number> {
  const me = (await (await page.request.get("/api/session")).json()) as { csrf_token: string };
  const answer = await page.request.fetch(path, {
    method,
    headers: { "X-Spoor-CSRF": me.csrf_token },
    data: body,
  });
  return answer.status();
}
