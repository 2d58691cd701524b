import { Field, Input } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import { FormDialog } from "./FormDialog";
import { Value } from "./Value";

export interface ConfirmByNameProps {
  /** `Remove this import` */
  title: string;
  /** What is lost, and what is kept */
  children: ReactNode;
  /** To be typed */
  name: string;
  /** Verb and object: `Remove 5,670 records` */
  act: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is lost: says what, and wants its name typed. Open while it is rendered. */
export function ConfirmByName({
  title,
  children,
  name,
  act,
  onConfirm,
  onClose,
}: ConfirmByNameProps) {
  const [typed, setTyped] = useState("");
  return (
    <FormDialog
      title={title}
      act={act}
      keep="Keep it"
      loses
      ready={typed.trim() === name.trim()}
      onSubmit={async () => {
        await onConfirm();
        onClose();
      }}
      onClose={onClose}
    >
      <div>{children}</div>
      <p>
        Type <Value text={name} kind="name" /> to confirm.
      </p>
      <Field label="Name">
        <Input
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(_, data) => {
            setTyped(data.value);
          }}
        />
      </Field>
    </FormDialog>
  );
}
