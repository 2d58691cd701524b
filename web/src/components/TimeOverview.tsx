// Coverage, histogram and marks over a range of time, with a brush for mouse and keyboard. The numbers stand in a hidden table too.
import { makeStyles, mergeClasses } from "@fluentui/react-components";
import {
  lazy,
  Suspense,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from "react";
import type { TimelineOverview } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { role, roleValue } from "@/app/theme";
import { axisTicks, fullBars, heights, placeOf, timeAt, type FullBars } from "@/lib/timeAxis";
import { rangeText, ticksBetween } from "@/lib/time";
import { countText } from "@/lib/amounts";
import { CoverageStrip, CoverageWords } from "./CoverageStrip";
import { BarTable, BarWords, kindOf, percent } from "./OverviewTable";
import { OverviewMarks } from "./OverviewMarks";

const OverviewBars = lazy(() => import("./OverviewBars"));

export interface TimeSpan {
  from: string;
  to: string;
}

export interface TimeOverviewProps {
  label: string;
  overview: TimelineOverview;
  /** What is shown of the range; null for all of it */
  zoom: TimeSpan | null;
  onZoom: (zoom: TimeSpan | null) => void;
  /** A click on the axis: only what was before */
  onBefore?: (time: string) => void;
  /** A click on a mark */
  onMark?: (mark: TimelineOverview["marks"][number]) => void;
  loading?: boolean;
}

/** Share of the width within which an edge of the zoom is taken hold of (px) */
const grip = 6;

const useStyles = makeStyles({
  box: { padding: "4px 16px 0", background: role("surface") },
  line: {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    minHeight: "20px",
    fontSize: "12px",
    lineHeight: "16px",
    color: role("text2"),
    whiteSpace: "nowrap",
    overflow: "hidden",
  },
  grow: { flex: 1 },
  legend: { display: "flex", gap: "2px", alignItems: "center" },
  key: {
    display: "inline-flex",
    alignItems: "center",
    gap: "5px",
    height: "24px",
    padding: "0 5px",
    border: "none",
    borderRadius: "4px",
    background: "none",
    font: "inherit",
    color: "inherit",
    cursor: "pointer",
    ":hover": { background: role("hover") },
    ":focus-visible": { outline: `2px solid ${role("link")}` },
  },
  swatch: { width: "9px", height: "9px", borderRadius: "2px", forcedColorAdjust: "none" },
  dim: { opacity: 0.4 },
  chart: {
    position: "relative",
    height: "76px",
    borderRadius: "2px",
    cursor: "crosshair",
    userSelect: "none",
    touchAction: "none",
    ":focus-visible": { outline: `2px solid ${role("link")}`, outlineOffset: "2px" },
  },
  bars: { position: "absolute", left: 0, right: 0, top: "20px", height: "42px" },
  axis: {
    position: "absolute",
    left: 0,
    right: 0,
    top: "62px",
    height: "14px",
    borderTop: `1px solid ${role("strokeStrong")}`,
    overflow: "hidden",
    fontSize: "11px",
    lineHeight: "13px",
    color: role("text3"),
    cursor: "pointer",
  },
  tick: {
    position: "absolute",
    paddingLeft: "3px",
    borderLeft: `1px solid ${role("strokeStrong")}`,
  },
  outside: {
    position: "absolute",
    top: "8px",
    height: "54px",
    background: role("surface"),
    opacity: 0.65,
    pointerEvents: "none",
  },
  inside: {
    position: "absolute",
    top: "20px",
    height: "42px",
    background: role("brandSoft"),
    borderLeft: `2px solid ${role("link")}`,
    borderRight: `2px solid ${role("link")}`,
    pointerEvents: "none",
    minWidth: "4px",
  },
  draft: { outline: `1px dashed ${role("link")}` },
});

export function TimeOverview(props: TimeOverviewProps) {
  const { overview } = props;
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const [only, setOnly] = useState<string | null>(null);
  const full = useMemo(() => fullBars(overview), [overview]);
  if (!full) return null;
  const peakWords = `peak ${countText(overview.peak)} per ${overview.step_name}${overview.square_root ? ", √ scale" : ""}`;
  return (
    <section className={styles.box} aria-label={props.label} aria-busy={props.loading}>
      <div className={styles.line}>
        <CoverageWords coverage={overview.coverage} zone={zone} />
        <span className={styles.grow} />
        <span className={styles.legend} role="group" aria-label="Kinds of events">
          {overview.kinds.map((kind) => {
            const [label, colour] = kindOf(kind);
            return (
              <button
                key={kind}
                type="button"
                className={mergeClasses(styles.key, only !== null && only !== kind && styles.dim)}
                aria-pressed={only === kind}
                onClick={() => {
                  setOnly(only === kind ? null : kind);
                }}
              >
                <span className={styles.swatch} style={{ background: role(colour) }} aria-hidden />
                {label}
              </button>
            );
          })}
        </span>
        <span>{peakWords}</span>
      </div>
      <Chart {...props} full={full} only={only} />
      <BarTable overview={overview} />
    </section>
  );
}

function Chart(props: TimeOverviewProps & { full: FullBars; only: string | null }) {
  const { overview, full, only, zoom, onZoom, onBefore } = props;
  const styles = useStyles();
  const { mode, preferences } = usePreferences();
  const { zone } = preferences;
  const { axis, counts } = full;
  const box = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const [draft, setDraft] = useState<TimeSpan | null>(null);
  const [hover, setHover] = useState<{ x: number; place: number } | null>(null);
  const drag = useRef<{ kind: "new" | "move" | "from" | "to"; at: number; span: TimeSpan } | null>(
    null,
  );
  const [ready, setReady] = useState(false);
  useEffect(() => {
    setReady(true);
  }, []);

  const bars = useMemo(
    () =>
      counts.map((bar) => {
        const kept = overview.kinds.map((kind, index) =>
          only === null || only === kind ? (bar[index] ?? 0) : 0,
        );
        const top =
          only === null
            ? overview.peak
            : Math.max(1, ...counts.map((each) => each[overview.kinds.indexOf(only)] ?? 0));
        return heights(kept, top, overview.square_root);
      }),
    [counts, overview, only],
  );
  const colours = useMemo(
    () => overview.kinds.map((kind) => roleValue(kindOf(kind)[1], mode)),
    [overview.kinds, mode],
  );
  const ticks = useMemo(() => axisTicks(axis, zone, 9), [axis, zone]);

  const shown = draft ?? zoom;
  const left = shown ? Math.max(0, placeOf(shown.from, axis)) : 0;
  const right = shown ? Math.min(1, placeOf(shown.to, axis)) : 1;

  const placeAt = (clientX: number) => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect || rect.width === 0) return 0;
    return Math.min(1, Math.max(0, (clientX - rect.left) / rect.width));
  };
  const spanOf = (one: number, other: number): TimeSpan => ({
    from: timeAt(Math.min(one, other), axis),
    to: timeAt(Math.max(one, other), axis),
  });

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || (event.target as HTMLElement).closest("[data-axis], button")) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = placeAt(event.clientX);
    const width = box.current?.getBoundingClientRect().width ?? 1;
    const near = (place: number) => Math.abs(place - at) * width <= grip;
    const span = zoom ?? spanOf(at, at);
    const kind = !zoom
      ? "new"
      : near(left)
        ? "from"
        : near(right)
          ? "to"
          : at > left && at < right
            ? "move"
            : "new";
    drag.current = { kind, at, span };
  };
  const onPointerMove = (event: PointerEvent) => {
    const at = placeAt(event.clientX);
    setHover({ x: at, place: at });
    const held = drag.current;
    if (!held) return;
    const from = placeOf(held.span.from, axis);
    const to = placeOf(held.span.to, axis);
    if (held.kind === "new") {
      if (Math.abs(at - held.at) > 0.002) setDraft(spanOf(held.at, at));
    } else if (held.kind === "from") setDraft(spanOf(at, to));
    else if (held.kind === "to") setDraft(spanOf(from, at));
    else {
      const by = Math.min(1 - to, Math.max(-from, at - held.at));
      setDraft(spanOf(from + by, to + by));
    }
  };
  const onPointerUp = () => {
    drag.current = null;
    if (draft && ticksBetween(draft.from, draft.to) > 0) onZoom(draft);
    setDraft(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = 1 / Math.max(1, counts.length);
    const now = draft ?? zoom ?? { from: timeAt(0.45, axis), to: timeAt(0.55, axis) };
    const from = placeOf(now.from, axis);
    const to = placeOf(now.to, axis);
    const by = event.key === "ArrowRight" ? step : event.key === "ArrowLeft" ? -step : 0;
    if (by !== 0) {
      event.preventDefault();
      if (event.shiftKey) {
        if (to + by > from) setDraft(spanOf(from, Math.min(1, to + by)));
      } else {
        const held = Math.min(1 - to, Math.max(-from, by));
        setDraft(spanOf(from + held, to + held));
      }
    } else if (event.key === "Enter" && draft) {
      event.preventDefault();
      onZoom(draft);
      setDraft(null);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (draft) setDraft(null);
      else onZoom(null);
    }
  };

  // Zooming with the wheel keeps the page from zooming, for which the listener must not be passive.
  const latest = useRef({ left, right, axis, onZoom });
  useEffect(() => {
    latest.current = { left, right, axis, onZoom };
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const held = latest.current;
      const rect = element.getBoundingClientRect();
      const at = (event.clientX - rect.left) / rect.width;
      const by = event.deltaY > 0 ? 1.4 : 1 / 1.4;
      const from = Math.max(0, at - (at - held.left) * by);
      const to = Math.min(1, at + (held.right - at) * by);
      held.onZoom(
        to - from >= 0.999 ? null : { from: timeAt(from, held.axis), to: timeAt(to, held.axis) },
      );
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      element.removeEventListener("wheel", wheel);
    };
  }, []);

  const said = shown ? rangeText(shown.from, shown.to, zone) : "all of the range";
  return (
    <>
      <span id={helpId} className="visuallyHidden">
        Arrow keys move the part that is shown, with Shift they extend it, Enter applies, Escape
        takes it back.
      </span>
      <div
        ref={box}
        className={styles.chart}
        role="group"
        tabIndex={0}
        aria-label={`Part shown: ${said}`}
        aria-describedby={helpId}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => {
          setHover(null);
        }}
        onDoubleClick={() => {
          onZoom(null);
        }}
        onKeyDown={onKeyDown}
      >
        <CoverageStrip coverage={overview.coverage} axis={axis} />
        {shown && (
          <div
            className={mergeClasses(styles.inside, draft !== null && styles.draft)}
            style={{ left: `${percent(left)}`, width: percent(right - left) }}
          />
        )}
        <div className={styles.bars}>
          {ready && (
            <Suspense fallback={null}>
              <OverviewBars bars={bars} colours={colours} />
            </Suspense>
          )}
        </div>
        {shown && (
          <>
            <div className={styles.outside} style={{ left: 0, width: percent(left) }} />
            <div className={styles.outside} style={{ left: percent(right), right: 0 }} />
          </>
        )}
        <OverviewMarks
          marks={overview.marks}
          axis={axis}
          {...(props.onMark ? { onMark: props.onMark } : {})}
        />
        <div
          className={styles.axis}
          data-axis=""
          aria-hidden
          title={onBefore ? "Show only what was before this moment" : undefined}
          onClick={(event: MouseEvent) => {
            onBefore?.(timeAt(placeAt(event.clientX), axis));
          }}
        >
          {ticks.map((tick) => (
            <span key={tick.place} className={styles.tick} style={{ left: percent(tick.place) }}>
              {tick.label}
            </span>
          ))}
        </div>
        {hover && !drag.current && <BarWords overview={overview} full={full} place={hover.place} />}
      </div>
    </>
  );
}
