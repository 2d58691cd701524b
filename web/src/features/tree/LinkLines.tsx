import { role } from "@/app/theme";
import { placeOf, type Span } from "./axis";
import type { LinkPart } from "./links";

const per = (place: number) => `${String(Math.round(place * 1000) / 1000)}%`;
/** Where a lane's bar runs, and how tall the lane is at most (px) */
const middle = 12.5;

/** What a lane draws of the lines between processes: neighbours' lanes continue it. */
export function LinkLines({ links, span }: { links: readonly LinkPart[]; span: Span }) {
  return links.map(({ link, part, isDown }) => {
    const place = placeOf(span, link.at);
    if (place < 0 || place > 100) return null;
    const x = per(place);
    const words = `${link.words}${link.count > 1 ? `, ${String(link.count)} times` : ""}`;
    const line = { stroke: role("severityMediumMark"), strokeWidth: 1.5, strokeDasharray: "4 2" };
    return (
      <g key={`${link.from} ${link.to} ${link.words} ${part}`}>
        <title>{words}</title>
        <line
          x1={x}
          x2={x}
          y1={part === "through" || !isDown ? "0" : middle}
          y2={part === "through" || isDown ? "100%" : middle}
          {...line}
        />
        {part === "from" && <circle cx={x} cy={middle} r="2.5" fill={role("severityMediumMark")} />}
        {part === "to" && (
          <svg x={x} y={middle - 4} width="10" height="8" overflow="visible">
            <path
              d={isDown ? "M-4 7 L0 1 L4 7 Z" : "M-4 1 L0 7 L4 1 Z"}
              fill={role("severityMediumMark")}
            />
          </svg>
        )}
        {part === "to" && (
          <text
            x={x}
            y="17"
            dx={place > 80 ? -8 : 8}
            textAnchor={place > 80 ? "end" : "start"}
            fontSize="11"
            fill={role("severityMedium")}
          >
            {words}
          </text>
        )}
      </g>
    );
  });
}
