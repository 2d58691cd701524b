import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Event } from "@/api/gen/api";
import { expectAccessible, renderPart } from "@/lib/render";
import { failure, stubServer } from "@/lib/stubServer";
import { entitiesOf, literal } from "./entities";
import { EntityGraph } from "./EntityGraph";
import { row } from "./fixture";
import { devicesWords, Prevalence } from "./Prevalence";

afterEach(() => {
  vi.unstubAllGlobals();
});

const event = (fields: Record<string, string>, table = "DeviceProcessEvents"): Event => ({
  row: row({ ActionType: table === "DeviceProcessEvents" ? "ProcessCreated" : "FileCreated" }),
  tables: [
    {
      table,
      fields: Object.entries(fields).map(([name, value]) => ({
        name,
        type: "string",
        value,
        is_hidden: false,
      })),
    },
  ],
  techniques: [],
  evidence: [],
});

const started = event({
  FileName: "two.exe",
  SHA256: "ab".repeat(32),
  InitiatingProcessFileName: "one.exe",
  InitiatingProcessParentFileName: "explorer.exe",
  InitiatingProcessAccountName: "mira",
  AccountName: "mira",
});

const acts = { onOnly: vi.fn(), onExclude: vi.fn() };

test("three things and more are drawn; each is reached by keyboard, and the words tell the same", async () => {
  const user = userEvent.setup();
  const { container } = renderPart(<EntityGraph event={started} acts={acts} />);
  const said = within(screen.getByRole("list")).getAllByRole("listitem");
  expect(said.map((item) => item.textContent)).toEqual([
    "mira ran one.exe",
    "explorer.exe started one.exe",
    "one.exe started two.exe",
  ]);
  await expectAccessible(container);
  await user.tab();
  await user.tab();
  await user.keyboard("{Enter}");
  expect(acts.onOnly).toHaveBeenCalledWith("InitiatingProcessParentFileName", "explorer.exe");
});

test("two things are no graph", () => {
  renderPart(
    <EntityGraph
      event={event({ FileName: "a.dll", InitiatingProcessFileName: "one.exe" }, "DeviceFileEvents")}
      acts={acts}
    />,
  );
  expect(screen.queryByRole("region", { name: "Who did what" })).toBeNull();
});

test("the most telling things are asked for, with their values as literals", () => {
  expect(entitiesOf(started).map(({ label }) => label)).toEqual(["SHA-256", "File name"]);
  expect(literal('a"b\\c\n| take 1')).toBe('"a\\"b\\\\c\\u000a| take 1"');
});

test("prevalence is told of each thing; one that fails does not hide the other", async () => {
  const asked = stubServer(
    {
      "GET /api/devices": { items: [], next: null, total: 41 },
      "POST /api/query": ({ body }: { body: unknown }) =>
        JSON.stringify(body).includes("SHA256")
          ? { rows: [[3, 9, "2026-11-17T09:00:00.0000000Z"]], columns: [], row_count: 1 }
          : failure(504, "timeout", "The store did not answer."),
    },
    ["query.run", "devices.read"],
  );
  renderPart(<Prevalence event={started} />);
  expect(await screen.findByText("on 3 of 41 devices")).toBeTruthy();
  expect(await screen.findByText("could not be counted")).toBeTruthy();
  expect(asked.filter((one) => one.path === "/api/query")).toHaveLength(2);
});

test("who may not run queries is told so, and nothing is asked", async () => {
  const asked = stubServer({}, ["timeline.read"]);
  renderPart(<Prevalence event={started} />);
  await waitFor(() => {
    expect(screen.getByText("Your role may not run queries, so it is not known.")).toBeTruthy();
  });
  expect(asked).toEqual([]);
});

test.each([
  [0, 41, "in no hunting table"],
  [1, 41, "on 1 device alone"],
  [2, null, "on 2 devices"],
] as const)("%i of %s devices is said as %j", (devices, known, words) => {
  expect(devicesWords(devices, known)).toBe(words);
});
