import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPart } from "@/lib/render";
import { failure, stubServer } from "@/lib/stubServer";
import { Component as SourcesPage } from "./SourcesPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const device = "a".repeat(40);
const source = {
  device_id: device,
  device_name: "DC-01",
  channel: "Security",
  records: 1200,
  unmapped: 30,
  event_ids: 2,
  days: 3,
  first: "2026-11-01T08:00:00.0000000Z",
  last: "2026-11-03T17:00:00.0000000Z",
};
const report = {
  source,
  events: [
    {
      provider: "Microsoft-Windows-Security-Auditing",
      source_event_id: 4688,
      records: 1170,
      mapping_version: 2,
      first: source.first,
      last: source.last,
      sample: "77",
    },
    {
      provider: "Microsoft-Windows-Security-Auditing",
      source_event_id: 4999,
      records: 30,
      mapping_version: 0,
      first: source.first,
      last: source.last,
      sample: "78",
    },
  ],
  more_events: 0,
  days: [{ day: "2026-11-01T00:00:00.0000000Z", records: 1200 }],
  pauses: [{ from: "2026-11-01T18:00:00.0000000Z", to: "2026-11-02T07:30:00.0000000Z" }],
  marks: [
    {
      kind: "log_cleared",
      source: "Security",
      detail: "Security log was cleared by adm-rlind",
      from: "2026-11-02T09:00:00.0000000Z",
      to: null,
      lost: null,
    },
  ],
};
const channelPath = `GET /api/devices/${device}/source`;

/** As a person does it who has no pointer. */
async function openFirst() {
  await screen.findByRole("row", { name: /DC-01/ });
  screen.getByRole("grid", { name: "Channels of devices" }).focus();
  await userEvent.keyboard("{ArrowDown}{Enter}");
}

test("a channel opens beside the list, with what no mapping knows, its pauses and marks", async () => {
  stubServer({ "GET /api/sources": { items: [source], next: null }, [channelPath]: report }, [
    "sources.read",
  ]);
  const { container, router } = renderPart(<SourcesPage />);
  await openFirst();
  expect(screen.getByRole("row", { name: /DC-01, Security, 1,200 records/ })).toBeTruthy();
  const panel = await screen.findByRole("complementary", { name: "Channel Security" });
  const unknown = await within(panel).findByRole("row", { name: /4999/ });
  expect(within(unknown).getByText("none")).toBeTruthy();
  expect(within(unknown).queryByRole("link")).toBeNull();
  const known = within(panel).getByRole("row", { name: /4688/ });
  expect(within(known).getByRole("link").getAttribute("href")).toContain(
    `/devices/${device}/timeline`,
  );
  await userEvent.click(within(panel).getByRole("tab", { name: /Pauses/ }));
  expect(within(panel).getByRole("listitem").textContent).toContain("13 h 30 min");
  await userEvent.click(within(panel).getByRole("tab", { name: /Marks/ }));
  expect(within(panel).getByRole("listitem").textContent).toContain("cleared by adm-rlind");
  expect(router.state.location.search).toContain("channel=Security");
  await expectAccessible(container);
});

test("Escape closes the channel; a header of a column orders the list", async () => {
  const asked = stubServer(
    { "GET /api/sources": { items: [source], next: null }, [channelPath]: report },
    ["sources.read"],
  );
  const { router } = renderPart(<SourcesPage />);
  await openFirst();
  await screen.findByRole("complementary", { name: "Channel Security" });
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).toBeNull();
  expect(router.state.location.search).not.toContain("channel");
  await userEvent.click(screen.getByRole("columnheader", { name: /Without a mapping/ }));
  await screen.findByRole("row", { name: /DC-01/ });
  expect(asked.some(({ query }) => query.get("order") === "unmapped")).toBe(true);
});

test("without a source it says how one comes in; a failure says so", async () => {
  stubServer({ "GET /api/sources": { items: [], next: null } }, ["sources.read"]);
  const { unmount } = renderPart(<SourcesPage />);
  await screen.findByText("No source is connected.");
  expect(screen.getByRole("button", { name: "Import logs" })).toBeTruthy();
  unmount();
  stubServer({ "GET /api/sources": () => failure(500, "internal", "The store is damaged.") }, [
    "sources.read",
  ]);
  renderPart(<SourcesPage />);
  await screen.findByText("The sources could not be read: The store is damaged.", undefined, {
    timeout: 5000,
  });
});
