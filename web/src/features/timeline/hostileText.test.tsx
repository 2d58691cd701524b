// Each threat of the fixture, wherever the timeline shows text of an event.
import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Event } from "@/api/gen/api";
import { Sentence } from "@/components/Sentence";
import { cellText } from "@/lib/hostile";
import { hostileNames, hostileTexts } from "@/lib/hostileFixture";
import { renderPart } from "@/lib/render";
import { stubServer } from "@/lib/stubServer";
import { CompareDialog } from "./CompareDialog";
import { EventFields } from "./EventFields";
import { EventSummary } from "./EventSummary";
import { columnText, rowText, tableText } from "./exports";
import { at, row } from "./fixture";

afterEach(() => {
  vi.unstubAllGlobals();
});

const acts = { onOnly: () => undefined, onExclude: () => undefined };

/** Controls of writing, terminals and direction: none of them may reach the page or the clipboard. */
const acting = /(?![\t\n])[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u;

const eventOf = (text: string, id = "1"): Event => ({
  row: row({ EventId: id, Timestamp: at(Number(id)), Title: text, Detail: text, Actor: text }),
  tables: [
    {
      table: "DeviceProcessEvents",
      fields: ["FileName", "ProcessCommandLine", "AccountName"].map((name) => ({
        name,
        type: "string",
        value: text,
        is_hidden: false,
      })),
    },
  ],
  techniques: [],
  evidence: [],
});

/** Nothing that the text could have made is part of the page. */
function expectInert(container: Element) {
  expect(container.querySelector("script, img, iframe, svg[onload], a[href]")).toBeNull();
  expect("pwned" in window).toBe(false);
}

test.each(hostileTexts)("a row: $threat", ({ text, shown }) => {
  const { container } = renderPart(<Sentence row={eventOf(text).row} />);
  expect(container.textContent).toContain(shown);
  expect(container.textContent).not.toMatch(acting);
  expect(container.textContent?.length).toBeLessThan(10_000);
  expectInert(container);
});

test.each(hostileTexts)("fields of the panel: $threat", ({ text, shown }) => {
  stubServer({}, ["timeline.read"]);
  const { container } = renderPart(
    <>
      <EventSummary event={eventOf(text)} deviceId={"d".repeat(40)} note={text} acts={acts} />
      <EventFields event={eventOf(text)} acts={acts} />
    </>,
  );
  expect(container.textContent).toContain(shown);
  expect(container.textContent).not.toMatch(acting);
  expect(container.textContent?.length).toBeLessThan(100_000);
  expectInert(container);
});

test.each(hostileTexts)("two events compared: $threat", async ({ text, shown }) => {
  const path = `GET /api/devices/${"d".repeat(40)}/events/`;
  stubServer({ [`${path}1`]: eventOf(text, "1"), [`${path}2`]: eventOf(`${text}x`, "2") }, [
    "timeline.read",
  ]);
  renderPart(
    <CompareDialog
      deviceId={"d".repeat(40)}
      places={[
        { time: at(1), eventId: "1", technique: null },
        { time: at(2), eventId: "2", technique: null },
      ]}
      onClose={() => undefined}
    />,
  );
  const table = await screen.findByRole("table", { hidden: true });
  expect(table.textContent).toContain(shown.slice(0, 4));
  expect(table.textContent).not.toMatch(acting);
  expect(table.textContent?.length).toBeLessThan(100_000);
  expectInert(table);
});

test.each(hostileNames)("what is copied: $threat", ({ text }) => {
  const { row: one } = eventOf(text);
  expect(rowText(one, text)).not.toMatch(acting);
  const table = tableText([one], ["time", "event", "object", "account"], { device: text, q: text });
  expect(table).not.toMatch(/[\n\r]/);
  for (const cell of table.split("\t")) {
    expect(cell).not.toMatch(/^[=+\-@]/);
    expect(cell).not.toMatch(acting);
  }
  expect(cellText(columnText(one, "object"))).not.toMatch(acting);
});
