import {
  Toast,
  Toaster,
  ToastFooter,
  ToastTitle,
  Link,
  useId,
  useToastController,
} from "@fluentui/react-components";
import { createContext, useCallback, useContext, useEffect, useRef, type ReactNode } from "react";

type Undo = () => void | Promise<void>;
type Show = (message: string, undo?: Undo) => void;

const Context = createContext<Show>(() => undefined);

/** Longest text of an event that a toast quotes (characters). */
const quoteLength = 80;

/** A name from an event, quoted and cut for a toast. */
export function quoted(text: string): string {
  return `“${text.length > quoteLength ? `${text.slice(0, quoteLength)}…` : text}”`;
}

/** Shows what was done with a way back for 8 s; Ctrl Z takes back the newest act of the session. */
export function UndoToastProvider({ children }: { children: ReactNode }) {
  const toaster = useId("undo");
  const { dispatchToast, dismissToast } = useToastController(toaster);
  const undone = useRef<{ id: string; undo: Undo }[]>([]);
  const count = useRef(0);

  const takeBack = useCallback(
    (id: string) => {
      const at = undone.current.findIndex((entry) => entry.id === id);
      const [entry] = at < 0 ? [] : undone.current.splice(at, 1);
      dismissToast(id);
      void entry?.undo();
    },
    [dismissToast],
  );

  const show = useCallback<Show>(
    (message, undo) => {
      count.current += 1;
      const id = `undo-${String(count.current)}`;
      if (undo) undone.current.push({ id, undo });
      dispatchToast(
        <Toast>
          <ToastTitle>{message}</ToastTitle>
          {undo && (
            <ToastFooter>
              <Link
                as="button"
                onClick={() => {
                  takeBack(id);
                }}
              >
                Undo
              </Link>
            </ToastFooter>
          )}
        </Toast>,
        { toastId: id, timeout: 8000, pauseOnHover: true, intent: "info" },
      );
    },
    [dispatchToast, takeBack],
  );

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") {
        return;
      }
      const target = event.target;
      if (target instanceof HTMLElement && target.closest("input, textarea, [contenteditable]")) {
        return;
      }
      const last = undone.current.at(-1);
      if (last) {
        event.preventDefault();
        takeBack(last.id);
      }
    };
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", listen);
    };
  }, [takeBack]);

  return (
    <Context.Provider value={show}>
      {children}
      <Toaster toasterId={toaster} position="bottom" />
    </Context.Provider>
  );
}

export function useUndoToast(): Show {
  return useContext(Context);
}
