// What people decide about a device: tags, value, criticality. Saved at once, taken back by Undo.
import {
  Button,
  Field,
  Input,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Popover,
  PopoverSurface,
  PopoverTrigger,
} from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "@/api/call";
import type { AssetValue, Criticality, DeviceChange, DeviceRow } from "@/api/gen/api";
import { Tag } from "@/components/Tag";
import { quoted, useUndoToast } from "@/components/UndoToast";
import { criticalityText, tagProblem } from "@/lib/deviceWords";
import css from "./device.module.css";

function useChange(deviceId: string) {
  const client = useQueryClient();
  const toast = useUndoToast();
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ["getDeviceOverview"] });
    await client.invalidateQueries({ queryKey: ["listDevices"] });
  };
  return useMutation({
    mutationFn: ({ change }: { change: DeviceChange; done: string }) =>
      call("changeDevice", { path: { device_id: deviceId }, body: change }),
    onSuccess: async ({ edit, changed }, { done }) => {
      await refresh();
      if (!changed) return;
      toast(done, async () => {
        await call("undoDeviceEdit", {
          path: { device_id: deviceId },
          body: { version: edit.version - 1 },
        });
        await refresh();
      });
    },
    onError: (error) => {
      toast(`Nothing was changed: ${error.message}`);
    },
  });
}

const values: readonly AssetValue[] = ["Low", "Normal", "High", ""];
const criticalities: readonly Criticality[] = ["Low", "Medium", "High", "VeryHigh", ""];
const notPermitted = "Needs the permission to edit devices";

function AddTag({ permitted, onAdd }: { permitted: boolean; onAdd: (tag: string) => void }) {
  const [open, setOpen] = useState(false);
  const [tag, setTag] = useState("");
  const problem = tagProblem(tag);
  return (
    <Popover
      open={open}
      trapFocus
      onOpenChange={(_, data) => {
        setOpen(data.open);
      }}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<AddRegular />}
          aria-label="Add a tag"
          disabled={!permitted}
          title={permitted ? "Add a tag" : notPermitted}
        />
      </PopoverTrigger>
      <PopoverSurface aria-label="Add a tag">
        <form
          className={css.addTag}
          onSubmit={(event) => {
            event.preventDefault();
            onAdd(tag.trim());
            setTag("");
            setOpen(false);
          }}
        >
          <Field validationState={problem === null ? "none" : "error"} validationMessage={problem}>
            <Input
              aria-label="Tag"
              autoFocus
              value={tag}
              onChange={(_, data) => {
                setTag(data.value);
              }}
            />
          </Field>
          <Button
            appearance="primary"
            type="submit"
            disabled={tag.trim() === "" || problem !== null}
          >
            Add tag
          </Button>
        </form>
      </PopoverSurface>
    </Popover>
  );
}

function Choice<T extends string>({
  label,
  value,
  words,
  text,
  permitted,
  onChoose,
}: {
  label: string;
  value: T;
  words: readonly T[];
  text: (word: T) => string;
  permitted: boolean;
  onChoose: (word: T) => void;
}) {
  return (
    <Menu
      checkedValues={{ [label]: [value] }}
      onCheckedValueChange={(_, data) => {
        const chosen = words.find((word) => word === data.checkedItems[0]);
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" disabled={!permitted} title={permitted ? undefined : notPermitted}>
          {label} {text(value).toLowerCase()}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {words.map((word) => (
            <MenuItemRadio key={word} name={label} value={word}>
              {text(word)}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

export function EditDevice({ device, permitted }: { device: DeviceRow; permitted: boolean }) {
  const change = useChange(device.device_id);
  const own = new Set(device.own_tags);
  return (
    <div className={css.edit}>
      <Choice
        label="Value"
        value={values.find((word) => word === device.asset_value) ?? ""}
        words={values}
        text={(word) => (word === "" ? "Not set" : word)}
        permitted={permitted}
        onChoose={(asset_value) => {
          change.mutate({ change: { asset_value }, done: "Value changed" });
        }}
      />
      <Choice
        label="Criticality"
        value={device.criticality}
        words={criticalities}
        text={(word) => (word === "" ? "Not set" : criticalityText(word))}
        permitted={permitted}
        onChoose={(criticality) => {
          change.mutate({ change: { criticality }, done: "Criticality changed" });
        }}
      />
      {device.tags.map((tag) =>
        own.has(tag) && permitted ? (
          <Tag
            key={tag}
            name={tag}
            onRemove={() => {
              change.mutate({
                change: { remove_tags: [tag] },
                done: `Tag ${quoted(tag)} removed`,
              });
            }}
          >
            {tag}
          </Tag>
        ) : (
          <Tag key={tag} tone={own.has(tag) ? "neutral" : "system"}>
            {tag}
          </Tag>
        ),
      )}
      <AddTag
        permitted={permitted}
        onAdd={(tag) => {
          change.mutate({ change: { add_tags: [tag] }, done: `Tag ${quoted(tag)} added` });
        }}
      />
    </div>
  );
}
