import { useRef } from "react";
import css from "./tree.module.css";

/** How tall the dock can be drawn (px) */
export const leastHeight = 120;
export const mostHeight = 640;
/** What a key changes (px) */
const step = 24;

const clamped = (height: number) => Math.round(Math.min(mostHeight, Math.max(leastHeight, height)));

/** The upper edge of a pane at the foot of the page: drag it, or use the arrow keys. */
export function HeightHandle({
  height,
  onHeight,
}: {
  height: number;
  onHeight: (height: number) => void;
}) {
  const drag = useRef<{ y: number; height: number } | null>(null);
  return (
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the panel"
      aria-valuemin={leastHeight}
      aria-valuemax={mostHeight}
      aria-valuenow={height}
      tabIndex={0}
      className={css.handle}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { y: event.clientY, height };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from) onHeight(clamped(from.height + from.y - event.clientY));
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onKeyDown={(event) => {
        const to =
          event.key === "ArrowUp"
            ? height + step
            : event.key === "ArrowDown"
              ? height - step
              : event.key === "Home"
                ? leastHeight
                : event.key === "End"
                  ? mostHeight
                  : null;
        if (to === null) return;
        event.preventDefault();
        onHeight(clamped(to));
      }}
    />
  );
}
