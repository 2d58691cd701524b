import { Field, Input, Select } from "@fluentui/react-components";
import { useState } from "react";
import { call } from "@/api/call";
import type { Role, User } from "@/api/gen/api";
import { roles } from "@/api/gen/permissions";
import { FormDialog } from "@/components/FormDialog";
import { oneTimePassword } from "./oneTimePassword";

const userName = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** Words of a field with commas or blanks between. */
export function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** Adds a user, or changes one. */
export function UserForm({
  user,
  onDone,
  onClose,
}: {
  /** Absent: a new one */
  user?: User;
  /** With the password of a new user, which is shown once */
  onDone: (name: string, password: string | null) => void;
  onClose: () => void;
}) {
  const [name, setName] = useState(user?.name ?? "");
  const [shown, setShown] = useState(user?.display_name ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "analyst");
  const [groups, setGroups] = useState((user?.groups ?? ["all"]).join(", "));

  async function submit() {
    const common = { display_name: shown, role, groups: words(groups) };
    if (user) {
      await call("changeUser", { path: { name: user.name }, body: common });
      onDone(user.name, null);
      return;
    }
    const password = oneTimePassword();
    await call("createUser", { body: { ...common, name, password } });
    onDone(name, password);
  }

  return (
    <FormDialog
      title={user ? `Change ${user.name}` : "Add a user"}
      act={user ? `Change ${user.name}` : "Add the user"}
      ready={userName.test(name)}
      onSubmit={submit}
      onClose={onClose}
    >
      {!user && (
        <Field
          label="Name"
          hint="To sign in with: letters, digits and . _ @ -, beginning with a letter or digit"
        >
          <Input
            value={name}
            autoComplete="off"
            spellCheck={false}
            onChange={(_, data) => {
              setName(data.value);
            }}
          />
        </Field>
      )}
      <Field label="Name to show">
        <Input
          value={shown}
          autoComplete="off"
          onChange={(_, data) => {
            setShown(data.value);
          }}
        />
      </Field>
      <Field label="Role" hint={roles.find((entry) => entry.name === role)?.doc ?? ""}>
        <Select
          value={role}
          onChange={(_, data) => {
            const chosen = roles.find((entry) => entry.name === data.value);
            if (chosen) setRole(chosen.name);
          }}
        >
          {roles.map((entry) => (
            <option key={entry.name} value={entry.name}>
              {entry.name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Device groups" hint="Ids with commas between; all stands for every device">
        <Input
          value={groups}
          spellCheck={false}
          onChange={(_, data) => {
            setGroups(data.value);
          }}
        />
      </Field>
    </FormDialog>
  );
}
