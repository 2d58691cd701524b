// When nothing was recorded: time that a bar may cross without anything being known of it.
import type { TimelineOverview } from "@/api/gen/api";
import { durationText, msOf, ticksBetween } from "@/lib/time";
import type { Span } from "./axis";

export interface Gap extends Span {
  label: string;
}

const words: Readonly<Record<string, string>> = {
  lost: "events were lost",
  degraded: "not all was recorded",
  damaged: "a damaged source",
  silent: "not recorded",
};

/** Gaps that touch the axis, the longest first: those that are drawn over lie on top. */
export function gapsOf(coverage: TimelineOverview["coverage"], span: Span): Gap[] {
  return coverage
    .flatMap(({ from, to, kind }) => {
      const word = words[kind];
      if (word === undefined) return [];
      const gap = { from: msOf(from), to: to === null ? span.to : msOf(to) };
      if (!(gap.to > span.from && gap.from < span.to)) return [];
      const label = to === null ? word : `${word}, ${durationText(ticksBetween(from, to))}`;
      return [{ ...gap, label }];
    })
    .sort((a, b) => b.to - b.from - (a.to - a.from));
}
