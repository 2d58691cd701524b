import { mergeClasses } from "@fluentui/react-components";
import type { DeviceCounters } from "@/api/gen/api";
import { countText } from "@/lib/amounts";
import css from "./devices.module.css";
import { hasTerm, toggleTerm } from "./deviceUrl";

interface Counter {
  label: string;
  /** The filter that it counts */
  term: string;
  of: (counters: DeviceCounters) => number | null;
}

const counters: readonly Counter[] = [
  { label: "Critical", term: "Criticality:High,VeryHigh", of: (all) => all.critical },
  { label: "High risk", term: "", of: (all) => all.high_risk },
  { label: "High exposure", term: "ExposureLevel:High", of: (all) => all.high_exposure },
  { label: "Internet-facing", term: "IsInternetFacing:true", of: (all) => all.internet_facing },
  { label: "Not onboarded", term: "IsOnboarded:false", of: (all) => all.not_onboarded },
  { label: "Logs only", term: "Health:LogsOnly", of: (all) => all.logs_only },
  { label: "New in 7 days", term: "IsNew:true", of: (all) => all.new_in_week },
  { label: "Silent now", term: "IsSilent:true", of: (all) => all.silent },
];

/** Counts that are switches for the filter that they count. */
export function Counters({
  values,
  total,
  q,
  onFilter,
}: {
  values: DeviceCounters | null;
  total: number | null;
  q: string;
  onFilter: (q: string) => void;
}) {
  return (
    <ul className={css.counters} aria-label="Counts of devices">
      <li>
        <div className={css.counter}>
          <span className={css.count}>{total === null ? "…" : countText(total)}</span>
          <span className={css.countLabel}>Total</span>
        </div>
      </li>
      {counters.map(({ label, term, of }) => {
        const count = values ? of(values) : null;
        const on = term !== "" && hasTerm(q, term);
        const shown = values === null ? "…" : count === null ? "not known" : countText(count);
        return (
          <li key={label}>
            <button
              type="button"
              className={mergeClasses(
                css.counter,
                css.counterButton,
                on && css.counterOn,
                !on && (count ?? 0) === 0 && css.counterNone,
              )}
              aria-pressed={on}
              disabled={term === "" || (count === null && !on)}
              title={count === null && values ? "Not known as long as nothing detects" : undefined}
              onClick={() => {
                onFilter(toggleTerm(q, term));
              }}
            >
              <span className={mergeClasses(css.count, count === null && css.countUnknown)}>
                {shown}
              </span>
              <span className={css.countLabel}>{label}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
