// Columns and order as the person last chose them: a timeline whose link says nothing opens with them.
import { useCallback, useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { z } from "zod";
import { useKept } from "@/lib/kept";
import type { TimelineState } from "./state";

const orders = z.enum(["time:asc", "time:desc"]);

export function useKeptChoices(
  change: (part: Partial<TimelineState>, how?: { replace: boolean }) => void,
  narrow: (part: Partial<TimelineState>) => void,
) {
  const { search } = useLocation();
  const [cols, keepCols] = useKept("timeline.columns", z.string().max(1000), "");
  const [sort, keepSort] = useKept("timeline.order", orders, "time:asc");

  const kept = useRef({ search, cols, sort });
  useEffect(() => {
    const { search: opened, ...choices } = kept.current;
    if (opened === "" && (choices.cols !== "" || choices.sort !== "time:asc")) {
      change(choices, { replace: true });
    }
    kept.current = { ...kept.current, search: "read" };
  }, [change]);

  /** Columns with their widths; moving and sizing replaces the address, choosing does not */
  const setCols = useCallback(
    (next: string, replace: boolean) => {
      keepCols(next);
      change({ cols: next }, { replace });
    },
    [change, keepCols],
  );
  const setOrder = useCallback(
    (next: TimelineState["sort"]) => {
      keepSort(next);
      narrow({ sort: next });
    },
    [keepSort, narrow],
  );
  return { setCols, setOrder };
}
