import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import type { ProcessNode } from "@/api/gen/api";
import { expectAccessible, renderPart } from "@/lib/render";
import { Component as TreePage } from "./TreePage";

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const device = "d".repeat(40);

const node = (key: number, parent: number, name: string, more: Partial<ProcessNode> = {}) => ({
  ProcessKey: String(key),
  ParentKey: String(parent),
  ProcessId: 11_000 + key,
  FileName: name,
  ProcessCommandLine: `${name} /run`,
  Account: "WS\\mira",
  ProcessCreationTime: `2026-11-17T09:0${String(key)}:00.0000000Z`,
  integrity: "",
  elevation: "",
  is_inferred: false,
  depth: 0,
  has_more: false,
  acts: {
    process: 0,
    network: 0,
    file: 0,
    registry: 0,
    other: 0,
    last: null,
    ended: null,
    techniques: [],
  },
  ...more,
});

const family = {
  items: [
    node(1, 0, "userinit.exe", { is_inferred: true, ProcessCreationTime: null }),
    node(2, 1, "winword.exe", { has_more: true }),
    node(3, 2, "powershell.exe", { integrity: "High" }),
    node(4, 3, "rundll32.exe", { has_more: true }),
    node(5, 3, "whoami.exe"),
  ],
  folds: [{ ParentKey: "2", FileName: "svchost.exe", count: 2, is_sibling: true }],
  truncated: false,
  known_descendants: null,
};

const act = {
  Timestamp: "2026-11-17T09:03:30.0000000Z",
  EventId: "77",
  DeviceId: device,
  Table: "DeviceNetworkEvents",
  ActionType: "ConnectionSuccess",
  Group: "network",
  Actor: "powershell.exe",
  Account: "",
  Title: "203.0.113.57",
  Detail: "443",
  Techniques: [],
  Source: "Sysmon",
  ProcessKey: "0",
  InitiatingProcessKey: "3",
  Ancestors: [],
  is_technique: false,
  tactics: [],
  flag: "",
  has_note: false,
  alerts: [],
  hidden_before: 0,
};

type Answers = Record<string, (query: URLSearchParams) => unknown>;

function server(more: Answers = {}) {
  const asked: URL[] = [];
  vi.stubGlobal("fetch", (address: string) => {
    const url = new URL(address, "http://x");
    asked.push(url);
    const operation = url.pathname.replace(/^.*\//, "");
    const made = more[operation]?.(url.searchParams);
    if (made instanceof Response) return Promise.resolve(made);
    const plain: Record<string, unknown> = {
      session: { name: "mira", csrf_token: "t", permissions: ["timeline.read"] },
      overview: { device: { name: "fin-lt-0417" } },
      processes: family,
      timeline: {
        items: (url.searchParams.get("groups") ?? "network").includes("network") ? [act] : [],
        next: null,
        previous: null,
        hidden_after: 0,
        nearest_before: null,
        nearest_after: null,
      },
      count: { rows: 74, left_out: 0, is_exact: true },
    };
    return Promise.resolve(
      new Response(JSON.stringify(made ?? plain[operation] ?? { items: [] }), {
        headers: { "Content-Type": "application/json" },
      }),
    );
  });
  return asked;
}

const show = (search = "?v=1&proc=3") =>
  renderPart(
    <Routes>
      <Route path="/devices/:deviceId/tree" element={<TreePage />} />
      <Route path="*" element={<p>elsewhere</p>} />
    </Routes>,
    `/devices/${device}/tree${search}`,
  );

const rows = () =>
  within(screen.getByRole("treegrid", { name: "Processes" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.getAttribute("aria-label")?.split(",")[0]);

test("a process with what is above and below it, its siblings folded, and what it did", async () => {
  const asked = server();
  const { container } = show();
  await screen.findByRole("treegrid", { name: "Processes" });
  expect(rows()).toEqual([
    "userinit.exe 11001",
    "winword.exe 11002",
    "2 more of svchost.exe",
    "powershell.exe 11003",
    "rundll32.exe 11004",
    "whoami.exe 11005",
  ]);
  const query = asked.find(({ pathname }) => pathname.endsWith("/processes"))?.searchParams;
  expect(query?.get("process")).toBe("3");
  expect(query?.get("depth")).toBe("3");
  expect(query?.get("siblings")).toBe("true");
  const ghost = screen.getByRole("row", { name: /userinit.exe/ });
  expect(ghost.getAttribute("aria-label")).toContain("its own start is not recorded");
  const own = screen.getByRole("row", { name: /powershell.exe/ });
  expect(own.getAttribute("aria-level")).toBe("3");
  expect(own.getAttribute("aria-posinset")).toBe("2");
  expect(within(own).getByRole("img", { name: "Elevated" })).toBeTruthy();
  const dock = screen.getByRole("complementary", { name: "The selected process" });
  expect(within(dock).getByRole("heading", { name: "powershell.exe" })).toBeTruthy();
  const network = await within(dock).findByRole("region", { name: "Network" });
  expect(await within(network).findByText("203.0.113.57")).toBeTruthy();
  expect(
    within(network)
      .getByRole("link", { name: /09:03:30/ })
      .getAttribute("href"),
  ).toContain("sel=2026-11-17T09:03:30.0000000Z~77");
  await expectAccessible(container);
});

test("folds and deeper generations are read when they are unfolded, and stand in the address", async () => {
  const asked = server({
    processes: (query) =>
      query.get("process") === "2"
        ? {
            ...family,
            items: [
              node(2, 1, "winword.exe"),
              node(7, 2, "svchost.exe"),
              node(8, 2, "svchost.exe"),
            ],
            folds: [],
          }
        : query.get("process") === "4"
          ? { ...family, items: [node(4, 3, "rundll32.exe"), node(9, 4, "net.exe")], folds: [] }
          : undefined,
  });
  const { router } = show();
  const user = userEvent.setup();
  const grid = await screen.findByRole("treegrid");
  expect(asked.filter(({ pathname }) => pathname.endsWith("/processes"))).toHaveLength(1);
  await user.click(
    within(screen.getByRole("row", { name: "2 more of svchost.exe" })).getByRole("button"),
  );
  await waitFor(() => {
    expect(rows().filter((name) => name?.startsWith("svchost"))).toHaveLength(2);
  });
  grid.focus();
  await user.keyboard("{ArrowDown>4/}");
  await user.click(screen.getByRole("row", { name: /rundll32/ }).firstElementChild ?? grid);
  grid.focus();
  await user.keyboard("{ArrowRight}");
  expect(await screen.findByRole("row", { name: /net.exe/ })).toBeTruthy();
  const open = new URLSearchParams(router.state.location.search).get("open");
  expect(open).toContain("f2~svchost.exe");
  expect(open).toContain("m4");
  await user.keyboard("{ArrowLeft}");
  expect(screen.queryByRole("row", { name: /net.exe/ })).toBeNull();
});

test("keys: fold, unfold all below, zoom and back, search, close the panel, timeline with the trail", async () => {
  server({
    processes: () => ({
      ...family,
      items: family.items.map((each) => ({ ...each, has_more: false })),
    }),
  });
  const { router } = show();
  const user = userEvent.setup();
  const grid = await screen.findByRole("treegrid");
  const address = () => new URLSearchParams(router.state.location.search);
  grid.focus();
  await user.keyboard("{Home}{ArrowLeft}");
  expect(rows()).toEqual(["userinit.exe 11001"]);
  await user.keyboard("*");
  expect(rows()).toContain("whoami.exe 11005");
  await user.keyboard("+");
  expect(address().get("zoom")).toMatch(/^2026-.*\.\.2026-/);
  await user.keyboard("0");
  expect(address().get("zoom")).toBeNull();
  await user.keyboard("/");
  expect(document.activeElement).toBe(screen.getByLabelText("Find a process"));
  grid.focus();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary", { name: "The selected process" })).toBeNull();
  expect(address().get("dock")).toBe("0");
  await user.keyboard("{Enter}");
  const dock = screen.getByRole("complementary", { name: "The selected process" });
  expect(await within(dock).findByRole("heading", { name: "userinit.exe" })).toBeTruthy();
  await user.keyboard("t");
  expect(router.state.location.pathname).toBe(`/devices/${device}/timeline`);
  expect(address().get("q")).toBe("trail:1");
});

test("the search steps through what it finds and unfolds the way to it", async () => {
  server();
  const { router } = show("?v=1&proc=3&shut=2");
  const user = userEvent.setup();
  await screen.findByRole("treegrid");
  expect(rows()).toEqual(["userinit.exe 11001", "winword.exe 11002"]);
  const box = screen.getByLabelText("Find a process");
  await user.type(box, "who");
  expect(router.state.location.search).toContain("q=who");
  expect(await screen.findByText("1", { selector: '[role="status"]' })).toBeTruthy();
  await user.type(box, "{Enter}");
  expect(rows()).toContain("whoami.exe 11005");
  expect(screen.getByText("1 of 1")).toBeTruthy();
  expect(new URLSearchParams(router.state.location.search).get("sel")).toBe("5");
  await user.clear(box);
  await user.type(box, "nothing");
  expect(screen.getByText("none of those loaded")).toBeTruthy();
});

test("a process whose start is not recorded leads to what is known of it", async () => {
  const error = {
    code: "not_found",
    message: "no process has the key 9",
    hint: "",
    request_id: "r",
  };
  server({ processes: () => new Response(JSON.stringify({ error }), { status: 404 }) });
  const { router } = show("?v=1&proc=9");
  const user = userEvent.setup();
  expect(await screen.findByText(/is not recorded, and nothing that it started is/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "See its 74 known acts" }));
  expect(new URLSearchParams(router.state.location.search).get("q")).toBe("InitiatingProcessKey:9");
});

test("without a process: all of the device, the newest first; empty and cut say so", async () => {
  server({
    processes: () => ({
      items: [node(1, 0, "old.exe"), node(6, 0, "new.exe")],
      folds: [],
      truncated: true,
      known_descendants: null,
    }),
  });
  const first = show("");
  await screen.findByRole("treegrid");
  expect(rows()).toEqual(["new.exe 11006", "old.exe 11001"]);
  expect(screen.getByText(/2 processes are shown, the oldest; there are more/)).toBeTruthy();
  first.unmount();
  server({
    processes: () => ({ items: [], folds: [], truncated: false, known_descendants: null }),
  });
  show("");
  expect(await screen.findByText("No start of a process is recorded on this device.")).toBeTruthy();
});
