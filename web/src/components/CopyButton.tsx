import { Button, Tooltip } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";

export interface CopyButtonProps {
  /** What goes to the clipboard; a function where it costs something to make */
  text: string | (() => string);
  /** `Copy token` */
  label?: string;
  /** Shows the label beside the icon */
  withText?: boolean;
  size?: "small" | "medium";
}

/** Copies a text and says that it did. */
export function CopyButton({
  text,
  label = "Copy",
  withText = false,
  size = "small",
}: CopyButtonProps) {
  const [said, setSaid] = useState<"" | "Copied" | "The browser does not allow copying here">("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => {
      setSaid("");
    }, 2000);
    return () => {
      clearTimeout(timer);
    };
  }, [said]);

  async function copy() {
    try {
      // Absent where the page came over plain HTTP.
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      setSaid("Copied");
    } catch {
      setSaid("The browser does not allow copying here");
    }
  }

  const button = (
    <Button
      appearance={withText ? "secondary" : "transparent"}
      size={size}
      icon={said === "Copied" ? <CheckmarkRegular /> : <CopyRegular />}
      {...(withText ? {} : { "aria-label": label })}
      onClick={() => void copy()}
    >
      {withText ? label : null}
    </Button>
  );
  return (
    <>
      <Tooltip content={said === "" ? label : said} relationship="description">
        {button}
      </Tooltip>
      <span className="visuallyHidden" role="status">
        {said}
      </span>
    </>
  );
}
