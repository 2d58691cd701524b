import { Checkbox, Field, Input, Select, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { call } from "@/api/call";
import type { CreatedToken, TokenScopes } from "@/api/gen/api";
import { tokenScopes } from "@/api/gen/permissions";
import { useSession } from "@/app/session";
import { FormDialog } from "@/components/FormDialog";
import css from "./settings.module.css";

const periods = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "1 year"],
  ["", "Never"],
] as const;

/** The instant so many days from now; undefined for none. */
export function expiry(days: string, now: number): string | undefined {
  return days === "" ? undefined : new Date(now + Number(days) * 86_400_000).toISOString();
}

export function TokenForm({
  onMade,
  onClose,
}: {
  onMade: (made: CreatedToken) => void;
  onClose: () => void;
}) {
  const { may } = useSession();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<TokenScopes>([]);
  const [devices, setDevices] = useState("");
  const [days, setDays] = useState("90");
  const named = devices
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

  const isCollector = scopes.includes("collector");

  async function submit() {
    const expires = expiry(days, Date.now());
    onMade(
      await call("createToken", {
        body: { name: name.trim(), scopes, devices: named, ...(expires ? { expires } : {}) },
      }),
    );
  }

  return (
    <FormDialog
      title="Make an API token"
      act="Make the token"
      ready={name.trim() !== "" && scopes.length > 0 && (!isCollector || named.length > 0)}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="What it is for">
        <Input
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(_, data) => {
            setName(data.value);
          }}
        />
      </Field>
      <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
        <legend>What it may do; never more than you may</legend>
        {tokenScopes.map((scope) => {
          const allowed = scope.permissions.some((permission) => may(permission));
          return (
            <div key={scope.name}>
              <Checkbox
                label={`${scope.name}: ${scope.doc}`}
                disabled={!allowed}
                checked={scopes.includes(scope.name)}
                onChange={(_, data) => {
                  setScopes(
                    data.checked === true
                      ? [...scopes, scope.name]
                      : scopes.filter((other) => other !== scope.name),
                  );
                }}
              />
            </div>
          );
        })}
      </fieldset>
      <Field
        label="Devices"
        hint={
          isCollector
            ? "Names or ids of devices or device groups that it may speak for, one a line; all for every device"
            : "Names or ids of devices or device groups, one a line. Empty: all that you may see"
        }
      >
        <Textarea
          value={devices}
          rows={3}
          spellCheck={false}
          className={css.grow}
          onChange={(_, data) => {
            setDevices(data.value);
          }}
        />
      </Field>
      <Field label="Ends after">
        <Select
          value={days}
          onChange={(_, data) => {
            setDays(data.value);
          }}
        >
          {periods.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
