import { makeStyles } from "@fluentui/react-components";
import { useMemo } from "react";
import { role, type Role } from "@/app/theme";
import { Facets, type FacetGroup } from "@/components/Facets";
import { valueState, withValue } from "@/lib/filterText";
import { groupNamed, wordsOf } from "@/lib/sentence";
import { withGroup } from "./state";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  side: {
    width: "176px",
    "@media (min-width: 2560px)": { width: "240px" },
    flexShrink: 0,
    minHeight: 0,
    display: "flex",
    flexDirection: "column",
    borderRight: `1px solid ${role("stroke")}`,
    background: role("surface"),
  },
});

const labels: Readonly<Record<string, string>> = {
  Group: "Event groups",
  ActionType: "Action type",
  Actor: "Process",
  Account: "Account",
  RemoteIP: "Remote",
  Techniques: "Technique",
  Source: "Source",
};
const order = ["Group", "ActionType", "Actor", "Account", "RemoteIP", "Techniques", "Source"];

const kindColours: Readonly<Record<string, Role>> = {
  process: "kindProcess",
  network: "kindNetwork",
  file: "kindFile",
  registry: "kindRegistry",
  logon: "kindLogon",
};

export function useFacetGroups(view: TimelineView): FacetGroup[] {
  const { state, facets } = view;
  return useMemo(() => {
    const items = facets.data?.items ?? [];
    return order.flatMap((field): FacetGroup[] => {
      const item = items.find((each) => each.field === field);
      if (!item) return [];
      const isGroup = field === "Group";
      const stateOf = (value: string) =>
        isGroup
          ? state.g.includes(value)
            ? ("on" as const)
            : state.g.includes(`-${value}`)
              ? ("off" as const)
              : ("free" as const)
          : valueState(state.q, field, value);
      const listed = item.values.map(({ value, count }) => ({
        value,
        count,
        state: stateOf(value),
        ...(isGroup
          ? {
              label: groupNamed(value).label,
              icon: groupNamed(value).icon,
              colour: kindColours[value] ?? "kindOther",
            }
          : value === ""
            ? { label: "none" }
            : field === "ActionType"
              ? { label: knownWords(value) }
              : {}),
      }));
      // What is left out has no rows to be counted, and must not go away.
      const missing = isGroup
        ? state.g
            .filter((group) => group.startsWith("-"))
            .map((group) => group.slice(1))
            .filter((group) => !listed.some((each) => each.value === group))
            .map((value) => ({
              value,
              count: null,
              state: "off" as const,
              label: groupNamed(value).label,
              icon: groupNamed(value).icon,
            }))
        : [];
      return [
        { field, label: labels[field] ?? field, values: [...listed, ...missing], more: item.more },
      ];
    });
  }, [state.g, state.q, facets.data]);
}

/** Names of actions come from a source: only letters make words of ours. */
function knownWords(value: string): string | undefined {
  return /^[A-Za-z0-9]{1,60}$/.test(value) ? wordsOf(value) : undefined;
}

export function TimelineFacets({ view, className }: { view: TimelineView; className?: string }) {
  const styles = useStyles();
  const groups = useFacetGroups(view);
  const { state, narrow } = view;
  const act = (kind: "only" | "exclude" | "add") => (field: string, value: string) => {
    if (field === "Group") {
      narrow({ g: withGroup(state.g, value, kind) });
      return;
    }
    const now = valueState(state.q, field, value);
    const again = (kind === "only" && now === "on") || (kind === "exclude" && now === "off");
    narrow({ q: withValue(state.q, field, value, again ? "drop" : kind) });
  };
  return (
    <aside className={className ?? styles.side} aria-label="Facets">
      <Facets
        groups={groups}
        onOnly={act("only")}
        onExclude={act("exclude")}
        onAdd={act("add")}
        loading={view.facets.isFetching}
        shown={8}
      />
    </aside>
  );
}
