import { Link, makeStyles, mergeClasses } from "@fluentui/react-components";
import { ArrowImportRegular } from "@fluentui/react-icons";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { role } from "@/app/theme";
import { filesOfDrop, filesOfField, type Dropped } from "@/lib/droppedFiles";

const useStyles = makeStyles({
  zone: {
    display: "grid",
    gridTemplateColumns: "44px minmax(0, 1fr)",
    columnGap: "14px",
    alignItems: "center",
    padding: "16px 20px",
    border: `1.5px dashed ${role("strokeAccessible")}`,
    borderRadius: "6px",
    background: role("sunken"),
  },
  over: {
    border: `1.5px solid ${role("link")}`,
    background: role("selected"),
  },
  icon: { color: role("link"), fontSize: "34px", display: "grid", placeItems: "center" },
  title: { fontSize: "16px", lineHeight: "22px", fontWeight: 600 },
  text: { color: role("text2") },
  acts: { display: "flex", gap: "12px", marginTop: "4px" },
  link: { fontSize: "inherit", lineHeight: "inherit" },
  off: { color: role("text3") },
});

export interface DropZoneProps {
  title: string;
  children?: ReactNode;
  onFiles: (dropped: Dropped) => void;
  /** Why nothing can be dropped; absent: it can */
  refusal?: string;
  /** Drops anywhere on the page count, not on the zone alone */
  wholePage?: boolean;
}

/** What a drag carries; null where that is no file. */
function filesOf(event: Event): DataTransfer | null {
  const transfer = "dataTransfer" in event ? (event.dataTransfer as DataTransfer | null) : null;
  return transfer?.types.includes("Files") === true ? transfer : null;
}

/** Takes files and folders by drop or by choosing. */
export function DropZone({ title, children, onFiles, refusal, wholePage = false }: DropZoneProps) {
  const styles = useStyles();
  const zone = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const hand = useRef(onFiles);
  useEffect(() => {
    hand.current = onFiles;
  });
  const open = refusal === undefined;

  useEffect(() => {
    // Not in React's types: lets the field choose a folder.
    folder.current?.setAttribute("webkitdirectory", "");
  }, []);

  useEffect(() => {
    const target: EventTarget | null = wholePage ? window : zone.current;
    if (!target) return;
    let depth = 0;
    const enter = (event: Event) => {
      if (!filesOf(event)) return;
      depth += 1;
      setOver(open);
    };
    const leave = (event: Event) => {
      if (!filesOf(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    // Without this the browser would leave the page and show the file.
    const hover = (event: Event) => {
      const transfer = filesOf(event);
      if (!transfer) return;
      event.preventDefault();
      transfer.dropEffect = open ? "copy" : "none";
    };
    const drop = (event: Event) => {
      const transfer = filesOf(event);
      if (!transfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (open) {
        void filesOfDrop(transfer).then((dropped) => {
          hand.current(dropped);
        });
      }
    };
    target.addEventListener("dragenter", enter);
    target.addEventListener("dragleave", leave);
    target.addEventListener("dragover", hover);
    target.addEventListener("drop", drop);
    return () => {
      target.removeEventListener("dragenter", enter);
      target.removeEventListener("dragleave", leave);
      target.removeEventListener("dragover", hover);
      target.removeEventListener("drop", drop);
    };
  }, [open, wholePage]);

  function choose(field: HTMLInputElement | null) {
    const dropped = filesOfField(field?.files ?? null);
    // The same file can be chosen again.
    if (field) field.value = "";
    if (dropped.files.length > 0) onFiles(dropped);
  }

  return (
    <div ref={zone} className={mergeClasses(styles.zone, over && styles.over)}>
      <span className={mergeClasses(styles.icon, !open && styles.off)}>
        <ArrowImportRegular aria-hidden />
      </span>
      <div>
        <p className={styles.title}>{over ? "Let go to upload" : title}</p>
        <div className={styles.text}>{open ? children : refusal}</div>
        {open && (
          <div className={styles.acts}>
            <Link as="button" className={styles.link} onClick={() => files.current?.click()}>
              Choose files
            </Link>
            <Link as="button" className={styles.link} onClick={() => folder.current?.click()}>
              Choose a folder
            </Link>
          </div>
        )}
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={() => {
            choose(files.current);
          }}
        />
        <input
          ref={folder}
          type="file"
          multiple
          hidden
          aria-label="Folder"
          onChange={() => {
            choose(folder.current);
          }}
        />
      </div>
    </div>
  );
}
