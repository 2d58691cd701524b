import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/CopyButton";
import css from "./settings.module.css";

/** Shows a secret that the server will not tell again. Open while it is rendered. */
export function SecretOnce({
  title,
  secret,
  copyLabel,
  children,
  onClose,
}: {
  title: string;
  secret: string;
  copyLabel: string;
  children: ReactNode;
  onClose: () => void;
}) {
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={css.form}>
            <p>{children}</p>
            <div className={css.secret}>
              <code className="mono">{secret}</code>
              <CopyButton text={secret} label={copyLabel} />
            </div>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              I have kept it
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
