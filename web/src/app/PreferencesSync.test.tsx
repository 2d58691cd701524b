import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MySettings } from "@/api/gen/api";
import { renderPart } from "@/lib/render";
import { failure, stubServer, type Asked } from "@/lib/stubServer";
import { usePreferences } from "./preferences";

beforeEach(() => {
  localStorage.clear();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function Probe() {
  const { preferences, change, kept } = usePreferences();
  return (
    <>
      <p>{`theme ${preferences.theme}, zone ${preferences.zone}, sent ${String(kept.isSent)}`}</p>
      <button
        type="button"
        onClick={() => {
          change({ theme: "dark" });
        }}
      >
        Dark
      </button>
    </>
  );
}

const get = "GET /api/me/settings";
const put = "PUT /api/me/settings";
const early = "2026-01-01T00:00:00.0000000Z";
const late = "2026-01-02T00:00:00.0000000Z";
const echo = ({ body }: Asked) => body;
const inBrowser = (settings: MySettings, owner = "u1") => {
  localStorage.setItem("spoor.settings", JSON.stringify({ owner, isSent: false, settings }));
};

test("what the server keeps is brought to a new browser", async () => {
  stubServer(
    { [get]: { theme: "dark", time_zone: "local", zone_name: "Asia/Tokyo", changed: early } },
    [],
  );
  renderPart(<Probe />);
  await screen.findByText("theme dark, zone Asia/Tokyo, sent true");
});

test("a change is sent with its time, and what the page does not know stays", async () => {
  const keys = [{ action: "a", key: "x" }];
  const asked = stubServer({ [get]: { theme: "light", keys, changed: early }, [put]: echo }, []);
  renderPart(<Probe />);
  await screen.findByText(/theme light/);
  await userEvent.click(screen.getByRole("button", { name: "Dark" }));
  expect(screen.getByText(/theme dark, .*sent false/)).toBeTruthy();
  await screen.findByText(/theme dark, .*sent true/);
  const sent = asked.find(({ method }) => method === "PUT")?.body as MySettings;
  expect(sent).toMatchObject({ theme: "dark", keys });
  expect((sent.changed ?? "") > early).toBe(true);
});

test("of a change made while the server was away and one made elsewhere, the newest wins", async () => {
  inBrowser({ theme: "dark", changed: early });
  const asked = stubServer({ [get]: { theme: "light", changed: late }, [put]: echo }, []);
  const { unmount } = renderPart(<Probe />);
  await screen.findByText(/theme light, .*sent true/);
  expect(asked.filter(({ method }) => method === "PUT")).toEqual([]);
  unmount();
  inBrowser({ theme: "dark", changed: late });
  stubServer({ [get]: { theme: "light", changed: early }, [put]: echo }, []);
  renderPart(<Probe />);
  await screen.findByText(/theme dark, .*sent true/);
});

test("settings of another person are not taken over", async () => {
  inBrowser({ theme: "dark", changed: late }, "somebody else");
  const asked = stubServer({ [get]: { theme: "light", changed: early }, [put]: echo }, []);
  renderPart(<Probe />);
  await screen.findByText(/theme light, .*sent true/);
  expect(asked.some(({ method }) => method === "PUT")).toBe(false);
});

test("what could not be sent is sent when the browser is connected again", async () => {
  let isAway = true;
  stubServer(
    {
      [get]: { theme: "light", changed: early },
      [put]: (asked: Asked) => (isAway ? failure(503, "unavailable", "away") : asked.body),
    },
    [],
  );
  renderPart(<Probe />);
  await screen.findByText(/theme light/);
  await userEvent.click(screen.getByRole("button", { name: "Dark" }));
  await act(() => new Promise((done) => setTimeout(done, 500)));
  expect(screen.getByText(/theme dark, .*sent false/)).toBeTruthy();
  isAway = false;
  act(() => {
    window.dispatchEvent(new Event("online"));
  });
  await waitFor(() => {
    expect(screen.getByText(/sent true/)).toBeTruthy();
  });
});
