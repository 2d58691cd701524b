// A pane beside a grid, part of the layout: title, tabs, own width, which a drag or the arrows change.
import { Button, makeStyles, Tab, TabList } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useId, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { role } from "@/app/theme";

export interface PanelTab {
  id: string;
  label: string;
  count?: number | undefined;
}

export interface SidePanelProps {
  /** Accessible name where the title is more than text */
  label?: string;
  title: ReactNode;
  /** Under the title: an instant, a kind */
  subtitle?: ReactNode;
  /** Buttons under the title */
  actions?: ReactNode;
  /** Buttons beside the one that closes */
  corner?: ReactNode;
  onClose: () => void;
  width: number;
  onWidth: (width: number) => void;
  tabs?: readonly PanelTab[];
  tab?: string;
  onTab?: (id: string) => void;
  children?: ReactNode;
}

export const leastPanelWidth = 360;
export const mostPanelWidth = 720;

const useStyles = makeStyles({
  panel: {
    position: "relative",
    display: "flex",
    flexDirection: "column",
    flexShrink: 0,
    minHeight: 0,
    background: role("surface"),
    borderLeft: `1px solid ${role("strokeStrong")}`,
  },
  handle: {
    position: "absolute",
    top: 0,
    bottom: 0,
    left: "-4px",
    width: "8px",
    zIndex: 5,
    cursor: "col-resize",
    touchAction: "none",
    ":hover": { background: role("brandSoft") },
    ":focus-visible": { outline: "none", background: role("link") },
  },
  head: { display: "flex", gap: "8px", padding: "12px 8px 0 16px" },
  words: { flex: 1, minWidth: 0 },
  title: {
    fontSize: "15px",
    lineHeight: "20px",
    fontWeight: 600,
    display: "-webkit-box",
    WebkitLineClamp: 2,
    WebkitBoxOrient: "vertical",
    overflow: "hidden",
    overflowWrap: "anywhere",
  },
  subtitle: { fontSize: "12px", lineHeight: "18px", color: role("text2"), marginTop: "2px" },
  corner: { display: "flex", alignItems: "flex-start" },
  small: { minWidth: "28px", width: "28px", height: "28px", padding: 0 },
  actions: { display: "flex", flexWrap: "wrap", gap: "6px", padding: "10px 16px 4px" },
  tabs: { padding: "0 8px", borderBottom: `1px solid ${role("stroke")}` },
  count: {
    marginLeft: "6px",
    padding: "0 5px",
    borderRadius: "8px",
    background: role("sunken"),
    color: role("text2"),
    fontSize: "11px",
  },
  body: {
    flex: 1,
    minHeight: 0,
    overflow: "auto",
    padding: "12px 16px 16px",
    ":focus-visible": { outline: `2px solid ${role("link")}`, outlineOffset: "-2px" },
  },
});

const clamp = (width: number) =>
  Math.round(Math.min(mostPanelWidth, Math.max(leastPanelWidth, width)));

export function SidePanel(props: SidePanelProps) {
  const { label, title, subtitle, actions, corner, onClose, width, onWidth, tabs, tab, onTab } =
    props;
  const styles = useStyles();
  const titleId = useId();
  const bodyId = useId();
  const drag = useRef<{ x: number; width: number } | null>(null);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) onWidth(clamp(drag.current.width + drag.current.x - event.clientX));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: 16, ArrowRight: -16, Home: -1000, End: 1000 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onWidth(clamp(width + step));
  };

  return (
    <aside
      className={styles.panel}
      style={{ width: `${String(width)}px` }}
      {...(label === undefined ? { "aria-labelledby": titleId } : { "aria-label": label })}
    >
      <div
        className={styles.handle}
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the panel"
        aria-valuemin={leastPanelWidth}
        aria-valuemax={mostPanelWidth}
        aria-valuenow={width}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          drag.current = null;
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.head}>
        <div className={styles.words}>
          <h2 className={styles.title} id={titleId}>
            {title}
          </h2>
          {subtitle !== undefined && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        <div className={styles.corner}>
          {corner}
          <Button
            className={styles.small}
            appearance="subtle"
            icon={<DismissRegular fontSize={16} />}
            aria-label="Close the panel"
            onClick={onClose}
          />
        </div>
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      {tabs && (
        <TabList
          className={styles.tabs}
          size="small"
          selectedValue={tab ?? tabs[0]?.id ?? ""}
          onTabSelect={(_, data) => {
            onTab?.(String(data.value));
          }}
        >
          {tabs.map((each) => (
            <Tab key={each.id} value={each.id} aria-controls={bodyId}>
              {each.label}
              {each.count !== undefined && <span className={styles.count}>{each.count}</span>}
            </Tab>
          ))}
        </TabList>
      )}
      <div
        className={styles.body}
        id={bodyId}
        tabIndex={0}
        {...(tabs
          ? {
              role: "tabpanel",
              "aria-label": tabs.find((each) => each.id === tab)?.label ?? tabs[0]?.label ?? "",
            }
          : { role: "group", "aria-label": "What the panel shows" })}
      >
        {props.children}
      </div>
    </aside>
  );
}
