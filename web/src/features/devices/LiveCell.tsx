import { mergeClasses } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import css from "./devices.module.css";

/** A cell whose value may change under the eyes of the reader: it is tinted for a moment when it does. */
export function LiveCell({ value, children }: { value: string; children: ReactNode }) {
  const [seen, setSeen] = useState({ value, changes: 0 });
  if (seen.value !== value) setSeen({ value, changes: seen.changes + 1 });
  return (
    <span
      key={seen.changes}
      className={mergeClasses(css.live, seen.changes > 0 && css.changed)}
      data-changed={seen.changes > 0 || undefined}
    >
      {children}
    </span>
  );
}
