// The numbers of an overview in words: of the bar under the pointer, and all of them as a table.
import { makeStyles } from "@fluentui/react-components";
import type { TimelineOverview } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { role, type Role } from "@/app/theme";
import { instantText, timeOfTicks } from "@/lib/time";
import { timeAt, type FullBars } from "@/lib/timeAxis";
import { countText } from "@/lib/amounts";

const kindRoles: Readonly<Record<string, readonly [label: string, role: Role]>> = {
  process: ["Process", "kindProcess"],
  network: ["Network", "kindNetwork"],
  file: ["File", "kindFile"],
  registry: ["Registry", "kindRegistry"],
  logon: ["Logon", "kindLogon"],
  other: ["Other", "kindOther"],
};

export const kindOf = (name: string) => kindRoles[name] ?? (["Other", "kindOther"] as const);

export const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

const useStyles = makeStyles({
  hover: {
    position: "absolute",
    top: "84px",
    zIndex: 12,
    padding: "6px 10px",
    background: role("raised"),
    boxShadow: role("shadow"),
    borderRadius: "4px",
    fontSize: "12px",
    lineHeight: "17px",
    whiteSpace: "nowrap",
    pointerEvents: "none",
  },
});

/** What a bar under the pointer holds. */
export function BarWords({
  overview,
  full,
  place,
}: {
  overview: TimelineOverview;
  full: FullBars;
  place: number;
}) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const at = Math.min(full.counts.length - 1, Math.floor(place * full.counts.length));
  const counts = full.counts[at] ?? [];
  const start = timeOfTicks(full.axis.from + BigInt(at) * BigInt(Math.round(overview.step)));
  const here = timeAt(place, full.axis);
  const words = overview.kinds
    .map((kind, index) => ({ label: kindOf(kind)[0], count: counts[index] ?? 0 }))
    .filter((each) => each.count > 0);
  const bad = overview.coverage.filter(
    (segment) =>
      segment.kind !== "logs" &&
      segment.kind !== "present" &&
      segment.from <= here &&
      segment.to !== null &&
      segment.to >= here,
  );
  return (
    <div
      className={styles.hover}
      style={place > 0.7 ? { right: percent(1 - place) } : { left: percent(place) }}
    >
      <b>{instantText(start, zone, "s")}</b>
      {words.length === 0 ? (
        <div>no events</div>
      ) : (
        words.map((each) => <div key={each.label}>{`${each.label} ${countText(each.count)}`}</div>)
      )}
      {bad.map((segment) => (
        <div key={segment.from + segment.kind}>{segment.kind}</div>
      ))}
    </div>
  );
}

/** The bars as a table, for those who do not see the canvas. */
export function BarTable({ overview }: { overview: TimelineOverview }) {
  const { zone } = usePreferences().preferences;
  return (
    <div className="visuallyHidden">
      <table>
        <caption>{`Events per ${overview.step_name}`}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {overview.kinds.map((kind) => (
              <th key={kind} scope="col">
                {kindOf(kind)[0]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {overview.bars.map((bar) => (
            <tr key={bar.start}>
              <th scope="row">{instantText(bar.start, zone, "s")}</th>
              {overview.kinds.map((kind, index) => (
                <td key={kind}>{bar.counts[index] ?? 0}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
