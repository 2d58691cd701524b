// A command line as it was recorded and, where it is wrapped, decoded beside that: each layer by its name.
import { Button, makeStyles, ToggleButton, Tooltip } from "@fluentui/react-components";
import { CopyRegular } from "@fluentui/react-icons";
import { useId, useMemo, useState } from "react";
import { role } from "@/app/theme";
import { decodeCommand } from "@/lib/commandLine";
import { copyText } from "@/lib/hostile";
import { Value } from "./Value";

const useStyles = makeStyles({
  head: { display: "flex", alignItems: "center", gap: "8px", margin: "12px 0 4px" },
  heading: {
    flex: 1,
    fontSize: "12px",
    lineHeight: "16px",
    fontWeight: 600,
    color: role("text2"),
    margin: 0,
  },
  segments: {
    display: "flex",
    "& > button": {
      minWidth: 0,
      height: "24px",
      borderRadius: 0,
      marginLeft: "-1px",
      fontWeight: 400,
    },
    "& > button[aria-pressed=true]": {
      background: role("selected"),
      color: role("link"),
      fontWeight: 600,
    },
  },
  copy: { minWidth: "24px", width: "24px", height: "24px", padding: 0 },
  code: {
    padding: "8px 10px",
    background: role("sunken"),
    borderRadius: "4px",
    fontSize: "12px",
    lineHeight: "17px",
    maxHeight: "204px",
    overflow: "auto",
    whiteSpace: "pre-wrap",
  },
  layer: { display: "block", color: role("text3"), "&:not(:first-child)": { marginTop: "6px" } },
});

/** What a layer is called in the decoded text. */
const layerWords: Readonly<Record<string, string>> = {
  Carets: "without carets",
  Backticks: "without backticks",
  "Base64, UTF-16": "from Base64, UTF-16",
  "Base64, UTF-8": "from Base64, UTF-8",
};

export interface CommandLineProps {
  text: string;
  /** What the heading calls it */
  name?: string;
  field?: string;
  onOnly?: () => void;
}

export function CommandLine({ text, name = "Command line", field, onOnly }: CommandLineProps) {
  const styles = useStyles();
  const headingId = useId();
  const layers = useMemo(() => decodeCommand(text), [text]);
  const [wanted, setWanted] = useState<"recorded" | "decoded">("decoded");
  const isDecoded = layers.length > 0 && wanted === "decoded";
  const last = layers.at(-1)?.text ?? text;
  return (
    <section aria-labelledby={headingId}>
      <div className={styles.head}>
        <h3 id={headingId} className={styles.heading}>
          {layers.length > 0 ? name : `${name}, as recorded`}
        </h3>
        {layers.length > 0 && (
          <div className={styles.segments} role="group" aria-label={`${name} shown`}>
            {(["recorded", "decoded"] as const).map((each) => (
              <ToggleButton
                key={each}
                size="small"
                checked={each === wanted}
                onClick={() => {
                  setWanted(each);
                }}
              >
                {each === "recorded" ? "As recorded" : "Decoded"}
              </ToggleButton>
            ))}
          </div>
        )}
        <Tooltip
          content={isDecoded ? "Copy the decoded text" : "Copy the command line"}
          relationship="label"
        >
          <Button
            className={styles.copy}
            appearance="subtle"
            size="small"
            icon={<CopyRegular fontSize={14} />}
            onClick={() => void navigator.clipboard.writeText(copyText(isDecoded ? last : text))}
          />
        </Tooltip>
      </div>
      <div className={styles.code} tabIndex={0} role="group" aria-label={name}>
        {isDecoded ? (
          layers.map((layer, index) => (
            <span key={`${String(index)}-${layer.name}`}>
              <span className={styles.layer}>{`⟨${layerWords[layer.name] ?? layer.name}⟩`}</span>
              <Value text={layer.text} kind="mono" />
            </span>
          ))
        ) : (
          <Value text={text} kind="mono" {...(field ? { field } : {})} onOnly={onOnly} />
        )}
      </div>
    </section>
  );
}
