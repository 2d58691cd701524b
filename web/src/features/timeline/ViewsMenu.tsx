// Views: a filter, columns and an order under a name. Some come with the product, others people keep.
import {
  Button,
  Checkbox,
  Field,
  Input,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { CodeRegular, DeleteRegular, SaveRegular } from "@fluentui/react-icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, query } from "@/api/call";
import type { View, ViewInput } from "@/api/gen/api";
import { useSession } from "@/app/session";
import { FormDialog } from "@/components/FormDialog";
import { quoted, useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import { spoken } from "@/lib/hostile";
import type { TimelineState } from "./state";
import type { TimelineView } from "./view";

/** Views that the menu shows: mine first, then by name */
const mostViews = 1000;

type Part = Pick<TimelineState, "q" | "g" | "type" | "flag">;

const plain: Part = { q: "", g: [], type: "all", flag: null };

/** Views that everybody has. */
export const builtIn: readonly (readonly [name: string, part: Part])[] = [
  ["Interesting only", { ...plain, type: "technique" }],
  [
    "Persistence",
    {
      ...plain,
      q: "ActionType:ServiceInstalled,ScheduledTaskCreated,WmiBindEventFilterToConsumer,UserAccountCreated,DriverLoad",
    },
  ],
  ["Logons", { ...plain, g: ["logon"] }],
  ["Outbound connections", { ...plain, q: "ActionType:ConnectionSuccess" }],
];

/** The state that a saved view stands for. */
export function stateOf(view: View): Part & Pick<TimelineState, "cols" | "sort"> {
  const kinds = view.action_types.length === 0 ? "" : `ActionType:${view.action_types.join(",")}`;
  return {
    q: [view.q, kinds].filter((part) => part !== "").join(" "),
    g: [...view.groups, ...view.without_groups.map((group) => `-${group}`)],
    type: view.segment === "alerts_and_techniques" ? "technique" : "all",
    flag: view.segment === "flagged" ? "any" : null,
    cols: view.columns
      .map(({ name, width }) => (width === undefined ? name : `${name}:${String(width)}`))
      .join(","),
    sort: view.sort.some((key) => key.startsWith("-")) ? "time:desc" : "time:asc",
  };
}

/** What is kept of the state under a name. */
export function inputOf(name: string, shared: boolean, state: TimelineState): ViewInput {
  return {
    name,
    page: "timeline",
    q: state.q,
    columns:
      state.cols === ""
        ? []
        : state.cols.split(",").map((part) => {
            const [column = "", width] = part.split(":");
            return { name: column, ...(width === undefined ? {} : { width: Number(width) }) };
          }),
    sort: [state.sort === "time:desc" ? "-Timestamp" : "Timestamp"],
    segment:
      state.flag !== null
        ? "flagged"
        : state.type === "technique"
          ? "alerts_and_techniques"
          : "all",
    groups: state.g.filter((group) => !group.startsWith("-")),
    without_groups: state.g.filter((group) => group.startsWith("-")).map((group) => group.slice(1)),
    is_shared: shared,
  };
}

/** What makes a view that was removed once more. */
function again(view: View): ViewInput {
  return {
    name: view.name,
    page: view.page,
    q: view.q,
    columns: view.columns,
    sort: view.sort,
    segment: view.segment,
    groups: view.groups,
    without_groups: view.without_groups,
    action_types: view.action_types,
    is_shared: view.is_shared,
  };
}

export function ViewsMenu({ view, onKql }: { view: TimelineView; onKql: () => void }) {
  const [saving, setSaving] = useState(false);
  const client = useQueryClient();
  const toast = useUndoToast();
  const { data } = useQuery({
    ...query("listViews", { query: { page: "timeline", limit: mostViews } }),
    retry: false,
  });
  const refresh = () => void client.invalidateQueries({ queryKey: ["listViews"] });

  const remove = async (one: View) => {
    try {
      await call("deleteView", { path: { view_id: one.id } });
      refresh();
      toast(`Removed the view ${quoted(spoken(one.name))}.`, async () => {
        await call("createView", { body: again(one) });
        refresh();
      });
    } catch (error) {
      toast(`The view could not be removed: ${error instanceof Error ? error.message : ""}`);
    }
  };
  const saved = data?.items ?? [];
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button>Views</Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuGroup>
              <MenuGroupHeader>For everybody</MenuGroupHeader>
              {builtIn.map(([name, part]) => (
                <MenuItem
                  key={name}
                  onClick={() => {
                    view.narrow(part);
                  }}
                >
                  {name}
                </MenuItem>
              ))}
            </MenuGroup>
            {saved.length > 0 && (
              <MenuGroup>
                <MenuGroupHeader>Kept</MenuGroupHeader>
                {saved.map((one) => (
                  <MenuItem
                    key={one.id}
                    {...(one.is_shared ? { secondaryContent: "shared" } : {})}
                    onClick={() => {
                      view.narrow(stateOf(one));
                    }}
                  >
                    <Value text={one.name} />
                  </MenuItem>
                ))}
              </MenuGroup>
            )}
            <MenuDivider />
            <MenuItem
              icon={<SaveRegular />}
              disabled={data === undefined}
              onClick={() => {
                setSaving(true);
              }}
            >
              Keep this view
            </MenuItem>
            <MenuItem icon={<CodeRegular />} onClick={onKql}>
              Copy this view as KQL
            </MenuItem>
            {saved.some((one) => one.is_mine) && (
              <Menu>
                <MenuTrigger disableButtonEnhancement>
                  <MenuItem icon={<DeleteRegular />}>Remove a view</MenuItem>
                </MenuTrigger>
                <MenuPopover>
                  <MenuList>
                    {saved
                      .filter((one) => one.is_mine)
                      .map((one) => (
                        <MenuItem key={one.id} onClick={() => void remove(one)}>
                          <Value text={one.name} />
                        </MenuItem>
                      ))}
                  </MenuList>
                </MenuPopover>
              </Menu>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {saving && (
        <SaveDialog
          state={view.state}
          onSaved={refresh}
          onClose={() => {
            setSaving(false);
          }}
        />
      )}
    </>
  );
}

function SaveDialog({
  state,
  onSaved,
  onClose,
}: {
  state: TimelineState;
  onSaved: () => void;
  onClose: () => void;
}) {
  const { may } = useSession();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  return (
    <FormDialog
      title="Keep this view"
      act="Keep the view"
      ready={name.trim() !== ""}
      onSubmit={async () => {
        await call("createView", { body: inputOf(name.trim(), shared, state) });
        onSaved();
        onClose();
      }}
      onClose={onClose}
    >
      <p>Filter, columns and order are kept; the range of time is not.</p>
      <Field label="Name">
        <Input
          value={name}
          maxLength={100}
          onChange={(_, data) => {
            setName(data.value);
          }}
        />
      </Field>
      <Checkbox
        label="Shared: everybody sees it"
        checked={shared}
        disabled={!may("views.share")}
        onChange={(_, data) => {
          setShared(data.checked === true);
        }}
      />
    </FormDialog>
  );
}
