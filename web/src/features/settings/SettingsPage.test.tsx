import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { permissions } from "@/api/gen/permissions";
import { expectAccessible, renderPart } from "@/lib/render";
import { failure, stubServer, type Asked } from "@/lib/stubServer";
import { Component as SettingsPage } from "./SettingsPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const all = permissions.map(({ name }) => name);
const page = (at: string) =>
  renderPart(
    <Routes>
      <Route path="/settings/:section" element={<SettingsPage />} />
    </Routes>,
    at,
  );

const user = (name: string, more: object = {}) => ({
  id: name,
  name,
  display_name: "",
  role: "analyst",
  groups: ["all"],
  is_disabled: false,
  must_change_password: false,
  locked_until: null,
  created: "2026-11-01T00:00:00.0000000Z",
  last_sign_in: null,
  ...more,
});

test("a person's choices are made by keyboard and hold at once", async () => {
  stubServer({}, []);
  const { container } = page("/settings/me");
  const theme = await screen.findByRole("radiogroup", { name: "Theme" });
  await userEvent.click(within(theme).getByRole("radio", { name: "Dark" }));
  expect(document.documentElement.dataset.theme).toBe("dark");
  await userEvent.click(within(theme).getByRole("radio", { name: "Light" }));
  expect(document.documentElement.dataset.theme).toBe("light");
  const keys = screen.getByRole<HTMLInputElement>("switch", { name: "Single-key shortcuts" });
  keys.focus();
  await userEvent.keyboard(" ");
  expect(keys.checked).toBe(false);
  await expectAccessible(container);
});

test("what one may not see is neither listed nor shown", async () => {
  const asked = stubServer({}, []);
  page("/settings/audit");
  expect(await screen.findByText("You may not see this page: Audit log.")).toBeTruthy();
  const links = within(screen.getByRole("navigation", { name: "Settings" })).getAllByRole("link");
  expect(links.map((link) => link.textContent)).toEqual(["You", "Roles", "About"]);
  expect(asked).toEqual([]);
});

test("a new user's password is made here, sent, and shown once", async () => {
  const asked = stubServer(
    {
      "GET /api/users": { items: [user("mira")], next: null },
      "POST /api/users": user("nadia"),
    },
    all,
  );
  const { container } = page("/settings/users");
  await screen.findByRole("table", { name: "Users" });
  await expectAccessible(container);
  await userEvent.click(screen.getByRole("button", { name: "Add a user" }));
  await userEvent.type(screen.getByLabelText("Name"), "nadia");
  await userEvent.selectOptions(screen.getByLabelText("Role"), "responder");
  await userEvent.click(screen.getByRole("button", { name: "Add the user" }));
  await screen.findByText("Password of nadia");
  const sent = asked.find(({ method }) => method === "POST")?.body as Record<string, unknown>;
  expect(sent).toMatchObject({ name: "nadia", role: "responder", groups: ["all"] });
  expect(String(sent["password"])).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  expect(screen.getByText(String(sent["password"]))).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "I have kept it" }));
  await waitFor(() => {
    expect(screen.queryByText(String(sent["password"]))).toBeNull();
  });
});

test("a user is removed by typing the name; a refusal is told", async () => {
  stubServer(
    {
      "GET /api/users": { items: [user("mira")], next: null },
      "DELETE /api/users/mira": failure(409, "conflict", "An administrator must remain."),
    },
    all,
  );
  page("/settings/users");
  await userEvent.click(await screen.findByRole("button", { name: "What to do with mira" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await userEvent.type(await screen.findByLabelText("Name"), "mira{Enter}");
  expect(await screen.findByText("An administrator must remain.")).toBeTruthy();
});

test("a collector's token names its devices, and its secret is shown once", async () => {
  const token = {
    id: "t1",
    name: "forwarder",
    owner_id: "u1",
    scopes: ["collector"],
    devices: ["all"],
    created: "2026-11-01T00:00:00.0000000Z",
    expires: null,
    last_used: null,
    revoked: null,
  };
  const asked = stubServer(
    {
      "GET /api/tokens": { items: [], next: null },
      "POST /api/tokens": { token, secret: "sp_secret" },
    },
    all,
  );
  page("/settings/tokens");
  await userEvent.click(await screen.findByRole("button", { name: "Make a token" }));
  await userEvent.type(screen.getByLabelText("What it is for"), "forwarder");
  await userEvent.click(screen.getByRole("checkbox", { name: /^collector/ }));
  const make = screen.getByRole<HTMLButtonElement>("button", { name: "Make the token" });
  expect(make.disabled).toBe(true);
  await userEvent.type(screen.getByLabelText("Devices"), "all");
  await userEvent.selectOptions(screen.getByLabelText("Ends after"), "Never");
  await userEvent.click(make);
  expect(await screen.findByText("sp_secret")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
    name: "forwarder",
    scopes: ["collector"],
    devices: ["all"],
  });
});

test("roles are a table from the one list of permissions", async () => {
  stubServer({}, []);
  const { container } = page("/settings/roles");
  const table = (await screen.findAllByRole("table"))[0];
  expect((table as HTMLTableElement).rows).toHaveLength(permissions.length + 1);
  await expectAccessible(container);
}, 60_000);

const setting = (more: object = {}) => ({
  key: "retention.live_days",
  value: "90",
  origin: "default",
  doc: "Days",
  is_changeable: true,
  changed_by: "",
  changed: null,
  ...more,
});

test("a setting says where its value was given, and where it is changed", async () => {
  stubServer(
    {
      "GET /api/settings": {
        items: [setting({ origin: "file", is_changeable: false })],
        next: null,
      },
    },
    all,
  );
  page("/settings/retention");
  const group = await screen.findByRole("region", { name: "Retention" });
  expect(within(group).getByText("from the configuration file")).toBeTruthy();
  expect(within(group).getByText(/change it there/)).toBeTruthy();
  expect(within(group).queryByRole("button")).toBeNull();
});

test("a setting is changed by keyboard, a refusal is told, and what is lost is said before", async () => {
  let now = setting();
  const asked = stubServer(
    {
      "GET /api/settings": () => ({ items: [now], next: null }),
      "PUT /api/settings/retention.live_days": ({ body }: Asked) => {
        const { value } = body as { value: string };
        if (value === "x") return failure(400, "invalid_input", "must be a whole number");
        now = setting({
          value,
          origin: "changed",
          changed_by: "mira",
          changed: "2026-11-01T00:00:00.0000000Z",
        });
        return now;
      },
      "DELETE /api/settings/retention.live_days": () => (now = setting()),
    },
    all,
  );
  const { container } = page("/settings/retention");
  const change = await screen.findByRole("button", { name: "Change retention.live_days" });
  change.focus();
  await userEvent.keyboard("{Enter}");
  const field = screen.getByLabelText("New value of retention.live_days");
  expect(document.activeElement).toBe(field);
  await userEvent.clear(field);
  await userEvent.keyboard("x{Enter}");
  expect(await screen.findByText("must be a whole number")).toBeTruthy();
  await expectAccessible(container);
  await userEvent.clear(field);
  await userEvent.keyboard("30");
  expect(screen.getByText(/older than 30 days goes/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: /Keep 30 days, remove/ }));
  await screen.findByText("changed here");
  expect(asked.filter(({ method }) => method === "PUT").at(-1)?.body).toEqual({ value: "30" });
  expect(screen.getByRole("link", { name: "All changes" }).getAttribute("href")).toContain(
    "object=retention.live_days",
  );
  await userEvent.click(screen.getByRole("button", { name: /^Reset retention/ }));
  await screen.findByText("default");
}, 20_000);

test("who may not change settings sees them and no buttons", async () => {
  stubServer({ "GET /api/settings": { items: [setting()], next: null } }, ["settings.read"]);
  page("/settings/retention");
  const group = await screen.findByRole("region", { name: "Retention" });
  expect(within(group).queryByRole("button")).toBeNull();
  expect(screen.getByText(/an administrator may change them/)).toBeTruthy();
});

test("the audit log filters through the address and opens an entry as JSON by keyboard", async () => {
  const entry = {
    id: "4",
    time: "2026-11-24T17:55:45.4338730Z",
    actor: "admin",
    action: "user.password",
    object: "admin",
    detail: {},
    address: "127.0.0.1",
    outcome: "done",
  };
  const asked = stubServer({ "GET /api/audit": { items: [entry], next: null } }, all);
  const { container, router } = page("/settings/audit");
  const grid = await screen.findByRole("grid", { name: "Audit log, newest first" });
  grid.focus();
  await userEvent.keyboard("{Enter}");
  expect(await screen.findByRole("region", { name: "Entry as JSON" })).toBeTruthy();
  expect(router.state.location.search).toContain("sel=4");
  await expectAccessible(container);
  await userEvent.type(screen.getByRole("textbox", { name: "Who" }), "admin{Enter}");
  await waitFor(() => {
    expect(asked.at(-1)?.query.get("actor")).toBe("admin");
  });
  expect(router.state.location.search).toContain("actor=admin");
});
