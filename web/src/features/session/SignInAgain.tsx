import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { useSession } from "@/app/session";
import { SignInForm } from "./SignInForm";

/** Over a page whose session has ended: the page keeps its state. */
export function SignInAgain() {
  const { me, signedIn } = useSession();
  if (!me) return null;
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Sign in again to go on. Nothing was lost.</DialogTitle>
          <DialogContent>
            <SignInForm name={me.name} onSignedIn={signedIn} />
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
