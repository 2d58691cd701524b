// What can be done with the ticked devices. Each change can be taken back as a whole.
import { Button, Dropdown, Field, Input, Link, Option } from "@fluentui/react-components";
import { TagRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, call } from "@/api/call";
import type { AssetValue, Criticality, DeviceBulkChange } from "@/api/gen/api";
import { FormDialog } from "@/components/FormDialog";
import { useUndoToast } from "@/components/UndoToast";
import css from "./devices.module.css";
import { counted, countText } from "@/lib/amounts";
import { criticalityText, tagProblem } from "@/lib/deviceWords";

/** What a change is of: the ticked ones, or all that match a filter. */
export type Target =
  | { kind: "ticked"; ids: readonly string[] }
  | { kind: "matching"; q: string; leaveOut: boolean; count: number };

function countOf(target: Target): number {
  return target.kind === "ticked" ? target.ids.length : target.count;
}

function body(target: Target, change: DeviceBulkChange["change"]): DeviceBulkChange {
  return target.kind === "ticked"
    ? { device_ids: [...target.ids], change }
    : {
        matching: { q: target.q, leave_out: target.leaveOut, count: target.count },
        change,
      };
}

/** Changes devices, says what was done, and offers the way back. */
export function useBulkChange() {
  const client = useQueryClient();
  const toast = useUndoToast();
  const refresh = () => client.invalidateQueries({ queryKey: ["listDevices"] });
  return useMutation({
    mutationFn: (asked: { target: Target; change: DeviceBulkChange["change"]; done: string }) =>
      call("changeDevices", { body: body(asked.target, asked.change) }),
    onSuccess: async (result, { done }) => {
      await refresh();
      const same = result.matched - result.changed;
      toast(
        `${done}: ${counted(result.changed, "device")}${same > 0 ? `; ${counted(same, "device")} had it already` : ""}`,
        async () => {
          const undone = await call("undoDeviceChange", { path: { change_id: result.change_id } });
          await refresh();
          if (undone.skipped > 0) {
            toast(`${counted(undone.skipped, "device")} stay: somebody has changed them since`);
          }
        },
      );
    },
    onError: (error) => {
      const hint = error instanceof ApiError && error.hint !== "" ? ` ${error.hint}` : "";
      toast(`Nothing was changed: ${error.message}${hint}`);
    },
  });
}

function TagsDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const [tag, setTag] = useState("");
  const [remove, setRemove] = useState(false);
  const bulk = useBulkChange();
  const name = tag.trim();
  const problem = tagProblem(name);
  const devices = counted(countOf(target), "device");
  return (
    <FormDialog
      title={`Tags of ${devices}`}
      act={`${remove ? "Remove tag of" : "Add tag to"} ${devices}`}
      ready={name !== "" && problem === null}
      onSubmit={() => {
        bulk.mutate({
          target,
          change: remove ? { remove_tags: [name] } : { add_tags: [name] },
          done: remove ? "Tag removed" : "Tag added",
        });
        onClose();
        return Promise.resolve();
      }}
      onClose={onClose}
    >
      <Field
        label="Tag"
        validationState={problem === null ? "none" : "error"}
        validationMessage={problem}
      >
        <Input
          autoFocus
          value={tag}
          onChange={(_, data) => {
            setTag(data.value);
          }}
        />
      </Field>
      <Field label="What to do">
        <Dropdown
          value={remove ? "Remove it" : "Add it"}
          selectedOptions={[remove ? "remove" : "add"]}
          onOptionSelect={(_, data) => {
            setRemove(data.optionValue === "remove");
          }}
        >
          <Option value="add">Add it</Option>
          <Option value="remove">Remove it</Option>
        </Dropdown>
      </Field>
    </FormDialog>
  );
}

const values: readonly AssetValue[] = ["Low", "Normal", "High", ""];
const criticalities: readonly Criticality[] = ["Low", "Medium", "High", "VeryHigh", ""];

export function BulkBar({
  target,
  total,
  matching,
  permitted,
  onAll,
  onClear,
}: {
  target: Target;
  /** All that match the filters; null where it is not known */
  total: number | null;
  matching: boolean;
  permitted: boolean;
  onAll: () => void;
  onClear: () => void;
}) {
  const [tagging, setTagging] = useState(false);
  const bulk = useBulkChange();
  const count = countOf(target);
  const disabled = !permitted || bulk.isPending;
  return (
    <div className={css.bulk} role="toolbar" aria-label="Ticked devices">
      <b>{countText(count)} selected</b>
      {!matching && total !== null && total > count && (
        <Link as="button" onClick={onAll}>
          Select all {countText(total)} that match
        </Link>
      )}
      <Button
        icon={<TagRegular />}
        disabled={disabled}
        onClick={() => {
          setTagging(true);
        }}
      >
        Tags
      </Button>
      <Dropdown
        aria-label="Value of the ticked devices"
        placeholder="Value"
        value=""
        selectedOptions={[]}
        disabled={disabled}
        onOptionSelect={(_, data) => {
          const value = values.find((word) => word === data.optionValue);
          if (value === undefined) return;
          bulk.mutate({
            target,
            change: { asset_value: value },
            done: value === "" ? "Value no longer set" : `Value ${value}`,
          });
        }}
      >
        {values.map((value) => (
          <Option key={value} value={value} text={value === "" ? "Not set" : value}>
            {value === "" ? "Not set" : value}
          </Option>
        ))}
      </Dropdown>
      <Dropdown
        aria-label="Criticality of the ticked devices"
        placeholder="Criticality"
        value=""
        selectedOptions={[]}
        disabled={disabled}
        onOptionSelect={(_, data) => {
          const criticality = criticalities.find((word) => word === data.optionValue);
          if (criticality === undefined) return;
          bulk.mutate({
            target,
            change: { criticality },
            done: `Criticality ${criticalityText(criticality)}`,
          });
        }}
      >
        {criticalities.map((criticality) => (
          <Option key={criticality} value={criticality} text={criticalityText(criticality)}>
            {criticalityText(criticality)}
          </Option>
        ))}
      </Dropdown>
      {!permitted && <span className={css.quiet}>Needs the permission to edit devices.</span>}
      <Button appearance="subtle" onClick={onClear}>
        Clear
      </Button>
      {tagging && (
        <TagsDialog
          target={target}
          onClose={() => {
            setTagging(false);
          }}
        />
      )}
    </div>
  );
}
