import { role } from "@/app/theme";
import type { TrailMark } from "./trail";

const names: Record<TrailMark, string> = {
  self: "The selected event",
  act: "Act of the same process",
  ancestor: "Act of a process above",
  descendant: "Act of a process below",
  pass: "",
  none: "",
};

/** The trail as it runs through a row: ring, dot, tick, or a line that passes by. */
export function TrailCell({ mark }: { mark: TrailMark }) {
  if (mark === "none") return null;
  const colour = role("link");
  return (
    <svg
      width={24}
      height="100%"
      viewBox="0 0 24 26"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden
      style={{ flexShrink: 0, height: "100%", overflow: "visible" }}
    >
      {names[mark] !== "" && <title>{names[mark]}</title>}
      <line x1={10} x2={10} y1={-6} y2={32} stroke={colour} strokeWidth={1.5} />
      {mark === "ancestor" && (
        <circle cx={10} cy={13} r={4.5} fill={role("surface")} stroke={colour} strokeWidth={2} />
      )}
      {mark === "self" && <circle cx={10} cy={13} r={5.5} fill={colour} />}
      {mark === "act" && <circle cx={10} cy={13} r={3} fill={colour} />}
      {mark === "descendant" && (
        <line x1={10} x2={17} y1={13} y2={13} stroke={colour} strokeWidth={2} />
      )}
    </svg>
  );
}
