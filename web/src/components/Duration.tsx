import { durationText } from "@/lib/time";

/** A length of time, given in 100 ns: `3 min 26 s`. */
export function Duration({ ticks }: { ticks: number }) {
  const seconds = String(ticks / 10_000_000);
  return <span title={`${seconds} s`}>{durationText(ticks)}</span>;
}
