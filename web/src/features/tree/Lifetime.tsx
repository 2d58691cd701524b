// A process's time on the axis, and the axis itself, which takes a span by dragging.
import { useId, useRef, useState, type PointerEvent } from "react";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { durationText, instantText, timeOfMs } from "@/lib/time";
import type { Tick } from "@/lib/timeAxis";
import { marksOf, placeOf, type Span } from "./axis";
import type { Gap } from "./gaps";
import { LinkLines } from "./LinkLines";
import type { LinkPart } from "./links";
import { actKinds, dotsOf, type Life } from "./lives";
import css from "./tree.module.css";

const per = (place: number) => `${String(Math.round(place * 1000) / 1000)}%`;
const colours = new Map(actKinds.map(({ kind, colour }) => [kind, role(colour)]));
const labels = new Map(actKinds.map(({ kind, label }) => [kind, label]));

export interface LifetimeProps {
  life: Life;
  span: Span;
  ticks: readonly Tick[];
  gaps: readonly Gap[];
  links: readonly LinkPart[];
  isInferred: boolean;
}

function Gaps({ gaps, span }: { gaps: readonly Gap[]; span: Span }) {
  return gaps.map(({ from, to, label }) => {
    const left = Math.max(0, placeOf(span, from));
    const width = Math.min(100, placeOf(span, to)) - left;
    return (
      <rect
        key={`${String(from)}-${label}`}
        x={per(left)}
        width={per(Math.max(0.2, width))}
        y="0"
        height="100%"
        className={css.gap}
      >
        <title>{label}</title>
      </rect>
    );
  });
}

/** In words: for the row's name and on hover. */
export function lifeText(life: Life): string {
  if (life.start === null && life.end === null) return "when it ran is not known";
  const length =
    life.start !== null && life.end !== null
      ? durationText(Math.max(0, life.end - life.start) * 10_000)
      : "";
  if (life.ending === "exit") {
    return life.start === null ? "its end is recorded" : `ran ${length}, its end is recorded`;
  }
  if (life.end !== null)
    return `last act ${length === "" ? "known" : `${length} after its start`}; its end is not recorded`;
  return "its end is not recorded";
}

export function Lifetime({ life, span, ticks, gaps, links, isInferred }: LifetimeProps) {
  const fade = useId();
  const place = (at: number) => placeOf(span, at);
  const { start, end, ending } = life;
  // Where no start is recorded the bar comes from the left, where no end is, it fades out.
  const from = start === null ? -2 : place(start);
  const known = end === null ? from : Math.max(from, place(end));
  const openTo = ending === "exit" ? known : Math.min(102, known + 3);
  const isBackward = start !== null && end !== null && end < start;
  const left = Math.max(-2, from);
  const right = Math.min(102, known);
  const seen = start !== null || end !== null;
  const off = !seen ? null : openTo < 0 ? "before" : from > 100 ? "after" : null;
  return (
    <svg className={css.lane} aria-hidden>
      <title>{`${lifeText(life)}${life.done === "" ? "" : `; acts: ${life.done}`}`}</title>
      <defs>
        <linearGradient id={fade}>
          <stop offset="0" stopColor={role("strokeStrong")} />
          <stop offset="1" stopColor={role("strokeStrong")} stopOpacity="0" />
        </linearGradient>
      </defs>
      {ticks.map((tick) => (
        <line
          key={tick.place}
          x1={per(tick.place * 100)}
          x2={per(tick.place * 100)}
          y1="0"
          y2="100%"
          className={css.rule}
        />
      ))}
      <Gaps gaps={gaps} span={span} />
      {off && (
        <text
          x={off === "before" ? "0" : "100%"}
          y="17"
          className={css.off}
          textAnchor={off === "before" ? "start" : "end"}
        >
          {off === "before" ? "‹ earlier" : "later ›"}
        </text>
      )}
      {seen && off === null && (
        <>
          {isInferred ? (
            <line
              x1={per(left)}
              x2={per(Math.max(right, left + 4))}
              y1="13"
              y2="13"
              className={css.ghostBar}
            />
          ) : (
            right > left && (
              <rect
                x={per(left)}
                width={per(right - left)}
                y="9"
                height="7"
                rx="1"
                className={css.span}
              />
            )
          )}
          {ending !== "exit" && !isInferred && openTo > known && known <= 100 && (
            <rect
              x={per(known)}
              width={per(openTo - known)}
              y="9"
              height="7"
              fill={`url(#${fade})`}
            />
          )}
          {start !== null && from >= 0 && (
            <rect x={per(from)} width="2" y="7" height="11" className={css.begin} />
          )}
          {ending === "exit" && known <= 100 && (
            <rect x={per(known)} width="1.5" y="8" height="9" className={css.begin} />
          )}
          {dotsOf(life.acts, place).map((dot) => (
            <circle
              key={`${dot.kind}-${String(dot.place)}`}
              cx={per(dot.place)}
              cy="12.5"
              r={dot.count > 9 ? 4 : 3}
              fill={colours.get(dot.kind)}
              stroke={role("surface")}
              strokeWidth="0.75"
            >
              <title>{`${labels.get(dot.kind) ?? ""}: ${String(dot.count)} ${dot.count === 1 ? "act" : "acts"}`}</title>
            </circle>
          ))}
          {ending === "exit" &&
            start !== null &&
            !isBackward &&
            right < 92 &&
            right - left < 60 && (
              <text x={per(right)} dx="7" y="17" className={css.off}>
                {durationText(Math.max(0, (end ?? start) - start) * 10_000)}
              </text>
            )}
        </>
      )}
      <LinkLines links={links} span={span} />
    </svg>
  );
}

/** The head of the column: times, and a span taken by dragging (the keys + − 0 do the same). */
export function AxisHead({
  span,
  gaps,
  onSpan,
}: {
  span: Span;
  gaps: readonly Gap[];
  onSpan: (span: Span) => void;
}) {
  const { zone } = usePreferences().preferences;
  const box = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const share = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    return rect && rect.width > 0
      ? Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width))
      : 0;
  };
  const at = (part: number) => span.from + (span.to - span.from) * part;
  const text = `${instantText(timeOfMs(span.from), zone, "s")} to ${instantText(timeOfMs(span.to), zone, "s")}`;
  return (
    <svg
      ref={box}
      className={css.axis}
      role="img"
      aria-label={[`Lifetimes, ${text}`, ...gaps.slice(0, 5).map(({ label }) => label)].join("; ")}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: share(event), to: share(event) });
      }}
      onPointerMove={(event) => {
        if (drag) setDrag({ ...drag, to: share(event) });
      }}
      onPointerUp={() => {
        if (!drag) return;
        setDrag(null);
        const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
        if (to - from > 0.01) onSpan({ from: at(from), to: at(to) });
      }}
    >
      <title>{`${text}. Drag to see a part of it`}</title>
      {marksOf(span, 8, zone).map((tick) => (
        <g key={tick.place}>
          <line
            x1={per(tick.place * 100)}
            x2={per(tick.place * 100)}
            y1="0"
            y2="100%"
            className={css.rule}
          />
          <text x={per(tick.place * 100)} dx="4" y="19" className={css.tickText}>
            {tick.label}
          </text>
        </g>
      ))}
      <Gaps gaps={gaps} span={span} />
      {drag && (
        <rect
          x={per(Math.min(drag.from, drag.to) * 100)}
          width={per(Math.abs(drag.to - drag.from) * 100)}
          y="0"
          height="100%"
          className={css.brush}
        />
      )}
    </svg>
  );
}
