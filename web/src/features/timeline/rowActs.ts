// What can be done with a row, whether by key, menu or button.
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { TimelineRow } from "@/api/gen/api";
import { useUndoToast } from "@/components/UndoToast";
import { filterTerms, withValue } from "@/lib/filterText";
import { copyText } from "@/lib/hostile";
import { columnField, columnText, rowText, tableText } from "./exports";
import { rowKey } from "./state";
import { subjectOf } from "./trail";
import type { TimelineView } from "./view";

export function useRowActs(
  view: TimelineView,
  deviceName: string,
  chosen: () => { rows: readonly TimelineRow[]; columns: readonly string[] },
) {
  const { state, change, narrow, goTo, range, deviceId } = view;
  const toast = useUndoToast();
  const navigate = useNavigate();
  const [comparing, setComparing] = useState<string | null>(null);

  const narrowing = useMemo(
    () => ({
      onOnly: (field: string, value: string) => {
        narrow({ q: withValue(state.q, field, value, "only") });
      },
      onExclude: (field: string, value: string) => {
        narrow({ q: withValue(state.q, field, value, "exclude") });
      },
    }),
    [narrow, state.q],
  );

  const copy = (text: string, said: string) => {
    void navigator.clipboard.writeText(text).then(
      () => {
        toast(said);
      },
      () => {
        toast("The browser did not allow copying.");
      },
    );
  };

  return {
    narrowing,
    /** Only the trail of the row's process; the same again takes it away */
    onlyTrail: (row: TimelineRow) => {
      const process = subjectOf(row);
      if (process === null) {
        toast("No process is recorded with this event, so it has no trail.");
        return;
      }
      const terms = filterTerms(state.q).map(({ text }) => text);
      const term = `trail:${process}`;
      const before = state.q;
      const isOn = terms.includes(term);
      const rest = terms.filter((text) => !text.startsWith("trail:"));
      narrow({ q: [...rest, ...(isOn ? [] : [term])].join(" ") });
      if (!isOn) {
        toast("Only this trail is shown.", () => {
          narrow({ q: before });
        });
      }
    },
    /** The row nearest to an instant; the filters stay */
    jumpTo: (time: string) => {
      if (!range) return;
      const inside = (span: { from: string; to: string }) => time >= span.from && time <= span.to;
      if (!inside(range.whole)) narrow({ last: "all", from: null, to: null, zoom: null });
      else if (!inside(range)) narrow({ zoom: null });
      goTo({ time, eventId: "0", technique: null });
    },
    copyTable: () => {
      const { rows, columns } = chosen();
      if (rows.length === 0) return false;
      copy(
        tableText(rows, columns, { device: deviceName, q: state.q }),
        rows.length === 1 ? "Copied the row." : `Copied ${String(rows.length)} rows.`,
      );
      return true;
    },
    copyCell: (row: TimelineRow, columnId: string | null) => {
      copy(copyText(columnText(row, columnId)), "Copied.");
    },
    copyRow: (row: TimelineRow) => {
      copy(rowText(row, deviceName), "Copied the row.");
    },
    copyJson: (row: TimelineRow) => {
      copy(JSON.stringify(row, null, 2), "Copied the row as JSON.");
    },
    /** Fixed instants, so that a colleague sees the same rows tomorrow */
    copyLink: (row: TimelineRow) => {
      if (!range) return;
      const link = new URL(window.location.href);
      link.searchParams.delete("last");
      link.searchParams.set("from", range.whole.from);
      link.searchParams.set("to", range.whole.to);
      link.searchParams.set("sel", rowKey(row));
      copy(link.href, "Copied the link.");
    },
    /** The first row is remembered, the second opens the comparison */
    compare: (row: TimelineRow) => {
      const id = rowKey(row);
      if (comparing === null || comparing === id) {
        setComparing(id);
        toast("Marked for comparison. Press = on another row.");
        return;
      }
      setComparing(null);
      change({ cmp: `${comparing},${id}` });
    },
    like: (row: TimelineRow, columnId: string | null, act: "only" | "exclude") => {
      const field = columnField(row, columnId) ?? columnField(row, "event");
      if (field) (act === "only" ? narrowing.onOnly : narrowing.onExclude)(...field);
    },
    tree: (row: TimelineRow) => {
      const process = subjectOf(row);
      if (process !== null) void navigate(`/devices/${deviceId}/tree?v=1&proc=${process}`);
    },
  };
}
