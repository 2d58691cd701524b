// A server with one device and three events, for tests of the timeline's page.
import { vi } from "vitest";
import type { TimelineRow } from "@/api/gen/api";
import { at, row } from "./fixture";

export const device = "d".repeat(40);
export const rows: TimelineRow[] = [
  row({ EventId: "1", Timestamp: at(0), ActionType: "FileCreated", Title: "one.dll", Detail: "" }),
  row({ EventId: "2", Timestamp: at(1), Title: "two.exe", Detail: "", InitiatingProcessKey: "5" }),
  row({
    EventId: "3",
    Timestamp: at(2),
    Title: "three.exe",
    Detail: "",
    Techniques: ["T1059.001"],
  }),
];

export interface Sent {
  method: string;
  url: URL;
  body: unknown;
}

/** A server with three events; `answers` stand before its own. */
export function serve(
  answers: Record<string, (sent: Sent) => [status: number, body: unknown]> = {},
) {
  const sent: Sent[] = [];
  const page = (items: TimelineRow[]) => ({
    items,
    next: null,
    previous: null,
    hidden_after: items.length === 0 ? 3 : 0,
    nearest_before: null,
    nearest_after: null,
  });
  const own: Record<string, unknown> = {
    "/api/session": {
      name: "mira",
      csrf_token: "t",
      permissions: ["timeline.read", "flags.write", "notes.write", "export.run"],
    },
    "/api/views": { items: [], next: null },
    [`/api/devices/${device}/overview`]: {
      device: { device_id: device, name: "FIN-LT-0417", first_seen: at(0) },
      evidence: [],
      tables: [{ table: "DeviceEvents", rows: 3, first: at(0), last: at(2) }],
      newest_event: at(2),
    },
    [`/api/devices/${device}/timeline`]: page(rows),
    [`/api/devices/${device}/timeline/count`]: { rows: 3, left_out: 0, is_exact: true },
    [`/api/devices/${device}/timeline/trail`]: { rows: 1, left_out: 0, is_exact: true },
    [`/api/devices/${device}/timeline/facets`]: { items: [] },
    [`/api/devices/${device}/timeline/overview`]: {
      from: at(0),
      to: at(3),
      step: 10_000_000,
      step_name: "1 s",
      kinds: ["process"],
      bars: [{ start: at(0), counts: [1] }],
      peak: 1,
      square_root: false,
      rows: 3,
      coverage: [],
      marks: [],
      marks_truncated: false,
      oldest_stored: at(0),
      newest_stored: at(2),
    },
    [`/api/devices/${device}/events/2`]: {
      row: rows[1],
      tables: [
        {
          table: "DeviceProcessEvents",
          fields: [
            { name: "FileName", type: "string", value: "two.exe", is_hidden: false },
            { name: "SHA1", type: "string", value: null, is_hidden: false },
          ],
        },
      ],
      techniques: [],
      evidence: [],
    },
    [`/api/devices/${device}/processes`]: {
      items: [],
      folds: [],
      truncated: false,
      known_descendants: null,
    },
  };
  vi.stubGlobal(
    "fetch",
    vi.fn((address: string, init: RequestInit) => {
      const url = new URL(address, "http://x");
      const one = {
        method: init.method ?? "GET",
        url,
        body: typeof init.body === "string" ? JSON.parse(init.body) : null,
      };
      sent.push(one);
      // What is asked for behind the newest event: nothing arrives unless a test says so.
      const isLook = url.searchParams.get("start") === "oldest";
      const special = answers[`${one.method} ${url.pathname}`];
      const [status, body] = special
        ? special(one)
        : isLook
          ? [200, page([])]
          : url.pathname in own
            ? [200, own[url.pathname]]
            : [404, { error: { code: "not_found", message: "no", hint: "", request_id: "r" } }];
      return Promise.resolve(
        new Response(JSON.stringify(body), {
          status,
          headers: { "Content-Type": "application/json" },
        }),
      );
    }),
  );
  return { sent, page };
}
