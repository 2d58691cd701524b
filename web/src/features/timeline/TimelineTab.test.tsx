import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { at, row } from "./fixture";
import { device, rows, serve } from "./tabStub";
import { rowKey } from "./state";
import { TimelineTab } from "./TimelineTab";

vi.mock("@/components/OverviewBars", () => ({ default: () => null }));

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

// A whole tab takes its time to draw where the machine is busy.
configure({ asyncUtilTimeout: 5000 });

const show = (at = `/devices/${device}/timeline`) =>
  renderPart(<TimelineTab deviceId={device} />, at);

const lineOf = (name: RegExp) => screen.findByRole("row", { name });

/** Clicks the sentence of a row. */
async function press(user: ReturnType<typeof userEvent.setup>, words: string) {
  await user.click(await screen.findByText(words, { selector: "[role=gridcell] bdi" }));
}

test("events are read as sentences, with their badges, and the page is accessible", async () => {
  serve();
  const { container } = show();
  expect(await lineOf(/^09:00:00, a\.exe created one\.dll/)).toBeTruthy();
  expect(await lineOf(/a\.exe started three\.exe, T1059\.001/)).toBeTruthy();
  await waitFor(() => {
    expect(container.textContent).toContain("3 events");
  });
  expect(screen.getByText(/^Newest events are of 17 Nov 2026\./)).toBeTruthy();
  await expectAccessible(container);
});

test("by keyboard: open the panel, flag, take the flag back", async () => {
  const user = userEvent.setup();
  const flag = `/api/devices/${device}/events/2/flag`;
  const { sent } = serve({
    [`PUT ${flag}`]: () => [200, { mark: {}, replaced: "", changed: true }],
    [`DELETE ${flag}`]: () => [200, { mark: {}, replaced: "red", changed: true }],
  });
  const { router } = show();
  await lineOf(/two\.exe/);
  screen.getByRole("grid").focus();
  await press(user, "two.exe");
  const panel = await screen.findByRole("complementary", { name: "The selected event" });
  expect(new URLSearchParams(router.state.location.search).get("sel")).toBe(
    rowKey(rows[1] ?? row()),
  );
  await user.click(await within(panel).findByRole("tab", { name: /All fields/ }));
  expect(await within(panel).findByText("FileName")).toBeTruthy();
  expect(within(panel).queryByText("SHA1")).toBeNull();

  screen.getByRole("grid").focus();
  await user.keyboard("f");
  expect(await lineOf(/two\.exe, flagged red/)).toBeTruthy();
  expect(sent.find((one) => one.method === "PUT")?.body).toEqual({ colour: "red" });
  await user.keyboard("{Control>}z{/Control}");
  await waitFor(() => {
    expect(screen.queryByRole("row", { name: /flagged red/ })).toBeNull();
  });
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary", { name: "The selected event" })).toBeNull();
});

test("a flag that the server refuses is taken back and told", async () => {
  const user = userEvent.setup();
  serve({
    [`PUT /api/devices/${device}/events/2/flag`]: () => [
      503,
      { error: { code: "unavailable", message: "The store is busy.", hint: "", request_id: "r" } },
    ],
  });
  show();
  await press(user, "two.exe");
  screen.getByRole("grid").focus();
  await user.keyboard("1");
  expect(await screen.findByText(/The flag could not be saved: The store is busy/)).toBeTruthy();
  expect(screen.queryByRole("row", { name: /flagged/ })).toBeNull();
});

test("a filter that cannot be read is told; the rows stay", async () => {
  const user = userEvent.setup();
  serve({
    [`GET /api/devices/${device}/timeline`]: ({ url }) =>
      url.searchParams.has("q")
        ? [
            400,
            {
              error: {
                code: "invalid_input",
                message: "there is no field Foo",
                hint: "",
                request_id: "r",
                where: { line: 1, column: 1, field: "q" },
              },
            },
          ]
        : [
            200,
            {
              items: rows,
              next: null,
              previous: null,
              hidden_after: 0,
              nearest_before: null,
              nearest_after: null,
            },
          ],
  });
  const { router } = show();
  await lineOf(/two\.exe/);
  await user.type(screen.getByRole("combobox", { name: "Filter the timeline" }), "Foo:1{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("there is no field Foo");
  expect(screen.getByRole("row", { name: /two\.exe/ })).toBeTruthy();
  expect(new URLSearchParams(router.state.location.search).get("q")).toBe("Foo:1");
});

test("filters that leave nothing say how many events they hide", async () => {
  const user = userEvent.setup();
  const { page } = serve();
  serve({
    [`GET /api/devices/${device}/timeline`]: ({ url }) => [
      200,
      page(url.searchParams.has("groups") ? [] : rows),
    ],
    [`GET /api/devices/${device}/timeline/count`]: () => [
      200,
      { rows: 0, left_out: 3, is_exact: true },
    ],
  });
  show(`/?v=1&g=file`);
  expect(await screen.findByText("No event matches these filters.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Clear the filters" }));
  expect(await lineOf(/two\.exe/)).toBeTruthy();
});

test("i and e narrow down to rows like this, and leave them out", async () => {
  const user = userEvent.setup();
  serve();
  const { router } = show();
  await press(user, "one.dll");
  screen.getByRole("grid").focus();
  await user.keyboard("e");
  const q = () => new URLSearchParams(router.state.location.search).get("q");
  expect(q()).toBe("-ActionType:FileCreated");
  await lineOf(/one\.dll/);
  screen.getByRole("grid").focus();
  await user.keyboard("i");
  await waitFor(() => {
    expect(q()).toBe("ActionType:FileCreated");
  });
});

test("a device without events says so", async () => {
  serve({
    [`GET /api/devices/${device}/overview`]: () => [
      200,
      {
        device: { device_id: device, name: "X", first_seen: at(0) },
        evidence: [],
        tables: [],
        newest_event: null,
      },
    ],
  });
  show();
  expect(await screen.findByText("No events from this device are stored.")).toBeTruthy();
});

test("the question mark lists the keys", async () => {
  const user = userEvent.setup();
  serve();
  show();
  await press(user, "one.dll");
  screen.getByRole("grid").focus();
  await user.keyboard("?");
  expect(await screen.findByRole("dialog", { name: "Keys of the timeline" })).toBeTruthy();
  expect(screen.getByText("only this trail")).toBeTruthy();
});
