// The columns of the timeline's grid.
import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { DiamondRegular, FlagFilled, FlagRegular, NoteFilled } from "@fluentui/react-icons";
import { useMemo } from "react";
import type { TimelineRow } from "@/api/gen/api";
import { usePreferences } from "@/app/preferences";
import { role, type Role } from "@/app/theme";
import type { Column } from "@/components/grid";
import { Sentence } from "@/components/Sentence";
import { isTechnique, TechniqueBadge } from "@/components/TechniqueBadge";
import { Value } from "@/components/Value";
import { groupOf, wordsOf } from "@/lib/sentence";
import { clockText, durationText, instantText, ticksBetween, zoneName } from "@/lib/time";
import type { EventLine } from "./build";
import type { TrailMark } from "./trail";
import { TrailCell } from "./TrailCell";

/** A line with what the view adds to it. */
export interface Shown {
  line: EventLine;
  mark: TrailMark;
}

export type FlagColour = "red" | "yellow" | "green" | "blue";
export const flagColours: readonly FlagColour[] = ["red", "yellow", "green", "blue"];
export const flagRoles: Record<FlagColour, Role> = {
  red: "flagRed",
  yellow: "flagYellow",
  green: "flagGreen",
  blue: "flagBlue",
};

export function asFlag(text: string): FlagColour | null {
  return flagColours.find((colour) => colour === text) ?? null;
}

const useStyles = makeStyles({
  time: {
    fontFamily: "var(--fontMono)",
    fontSize: "12px",
    fontFeatureSettings: '"zero" 1, "calt" 0',
  },
  same: { color: role("text3") },
  flag: {
    display: "grid",
    placeItems: "center",
    width: "24px",
    height: "24px",
    margin: "0 -4px",
    padding: 0,
    border: "none",
    background: "none",
    color: role("text3"),
    cursor: "pointer",
    // The colour is what a flag says.
    "& svg": { forcedColorAdjust: "none" },
    "&[data-off]": { opacity: 0 },
    "&:hover, [role='row']:hover &": { opacity: 1 },
  },
  note: { marginLeft: "-8px", marginTop: "-8px", color: role("text2") },
  icon: { color: role("text3"), flexShrink: 0 },
  technique: { color: role("technique"), flexShrink: 0 },
  // Its own length must not make the line wider than the grid.
  sentence: { flex: 1, width: 0, minWidth: 0 },
  account: { overflow: "hidden", minWidth: 0 },
  badge: {
    padding: "0 6px",
    border: `1px solid ${role("strokeStrong")}`,
    borderRadius: "4px",
    fontSize: "12px",
    lineHeight: "16px",
    color: role("text2"),
    whiteSpace: "nowrap",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  fold: { background: "none", cursor: "pointer", ":hover": { color: role("text1") } },
  high: { background: role("severityHighSoft"), color: role("severityHigh"), border: "none" },
  medium: { background: role("severityMediumSoft"), color: role("severityMedium"), border: "none" },
  low: { background: role("severityLowSoft"), color: role("severityLow"), border: "none" },
  info: {
    background: role("severityInformationalSoft"),
    color: role("severityInformational"),
    border: "none",
  },
});

type Styles = ReturnType<typeof useStyles>;

/** Shape and class of a severity; the word stands beside it. */
export function severityOf(text: string): {
  shape: string;
  key: "high" | "medium" | "low" | "info";
} {
  const lower = text.toLowerCase();
  if (lower === "high" || lower === "critical") return { shape: "▲", key: "high" };
  if (lower === "medium") return { shape: "◆", key: "medium" };
  if (lower === "low") return { shape: "●", key: "low" };
  return { shape: "○", key: "info" };
}

/** The digits that an instant shares with the one above are dimmed, so that change is what is seen. */
function TimeCell({ time, before }: { time: string; before: string | null }) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const text = clockText(time, zone);
  const above = before === null ? "" : clockText(before, zone);
  let same = 0;
  // Whole parts alone: hours, minutes, seconds, digits.
  for (let at = 1; at <= text.length; at += 1) {
    if (text.slice(0, at) !== above.slice(0, at)) break;
    if (at === text.length || /[:.]/.test(text[at - 1] ?? "")) same = at;
  }
  return (
    <time className={styles.time} dateTime={time} title={`${instantText(time, "utc", "full")} UTC`}>
      <span className={styles.same}>{text.slice(0, same)}</span>
      {text.slice(same)}
    </time>
  );
}

export interface BadgeText {
  text: string;
  kind: "high" | "medium" | "low" | "info" | "technique" | "fold" | "plain";
}

/** What the column of additional information says, the most important first. */
export function badgesOf({ row, folded }: EventLine): BadgeText[] {
  const alerts = row.alerts.map((alert): BadgeText => {
    const { shape, key } = severityOf(alert.severity);
    return {
      text: `${shape} ${alert.category === "" ? wordsOf(alert.severity) : wordsOf(alert.category)}`,
      kind: key,
    };
  });
  const techniques = row.Techniques.filter(isTechnique).map((text): BadgeText => ({
    text,
    kind: "technique",
  }));
  const fold: BadgeText[] =
    folded.length > 1 ? [{ text: `${String(folded.length)} events folded`, kind: "fold" }] : [];
  return [...alerts, ...techniques, ...fold];
}

function badge(one: BadgeText, styles: Styles, onUnfold: () => void, key: string) {
  if (one.kind === "technique") return <TechniqueBadge key={key} id={one.text} />;
  if (one.kind === "fold") {
    return (
      <button
        key={key}
        type="button"
        tabIndex={-1}
        className={mergeClasses(styles.badge, styles.fold)}
        onClick={(event) => {
          event.preventDefault();
          onUnfold();
        }}
      >
        {one.text}
      </button>
    );
  }
  return (
    <span
      key={key}
      className={mergeClasses(styles.badge, one.kind !== "plain" && styles[one.kind])}
    >
      {one.text}
    </span>
  );
}

/** The account without the domain that is the device's own. */
export function shortAccount(account: string, deviceName: string): string {
  const at = account.indexOf("\\");
  if (at < 0) return account;
  const domain = account.slice(0, at).toLowerCase();
  const own = deviceName.toLowerCase().split(".")[0];
  return domain === own || domain === "nt authority" ? account.slice(at + 1) : account;
}

export interface ColumnActs {
  deviceName: string;
  mayFlag: boolean;
  onFlag: (row: TimelineRow) => void;
  onUnfold: (line: EventLine) => void;
}

export function useTimelineColumns(acts: ColumnActs): readonly Column<Shown>[] {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const { deviceName, mayFlag, onFlag, onUnfold } = acts;
  return useMemo((): Column<Shown>[] => {
    const flag = ({ line: { row } }: Shown) => {
      if (row.is_technique) return null;
      const colour = asFlag(row.flag);
      const Icon = colour ? FlagFilled : FlagRegular;
      return (
        <button
          type="button"
          tabIndex={-1}
          className={styles.flag}
          {...(colour ? {} : { "data-off": "" })}
          disabled={!mayFlag}
          aria-label={colour ? `Flagged ${colour}. Take the flag away` : "Flag this event"}
          onClick={(event) => {
            event.preventDefault();
            onFlag(row);
          }}
        >
          <Icon
            fontSize={14}
            {...(colour ? { style: { color: role(flagRoles[colour]) } } : {})}
            aria-hidden
          />
          {row.has_note && (
            <NoteFilled fontSize={8} className={styles.note} aria-label="Has a note" />
          )}
        </button>
      );
    };
    return [
      { id: "flag", header: "Flag", headerFace: "⚑", width: 32, fixed: true, cell: flag },
      {
        id: "time",
        header:
          zone === "utc" ? "Time (UTC)" : `Time (${zoneName(zone, new Date().toISOString())})`,
        width: 102,
        sortable: true,
        cell: ({ line }) => <TimeCell time={line.row.Timestamp} before={line.before} />,
      },
      {
        id: "trail",
        header: "Trail",
        width: 42,
        fixed: true,
        cell: ({ mark }) => <TrailCell mark={mark} />,
      },
      {
        id: "kind",
        header: "Event group",
        headerFace: "▦",
        width: 34,
        fixed: true,
        cell: ({ line: { row } }) => {
          if (row.is_technique) {
            return (
              <DiamondRegular fontSize={16} className={styles.technique} aria-label="Technique" />
            );
          }
          const group = groupOf(row);
          return (
            <group.icon
              fontSize={16}
              className={styles.icon}
              aria-label={group.label}
              title={group.label}
            />
          );
        },
      },
      {
        id: "event",
        header: "Event",
        width: 320,
        flex: true,
        cell: ({ line }) => (
          <span className={styles.sentence}>
            <Sentence row={line.row} />
          </span>
        ),
      },
      {
        id: "account",
        header: "Account",
        width: 98,
        cell: ({ line }) =>
          line.row.Account === "" ? null : (
            <span className={styles.account}>
              <Value text={shortAccount(line.row.Account, deviceName)} cut="end" />
            </span>
          ),
      },
      {
        id: "info",
        header: "Additional information",
        width: 164,
        cell: ({ line }) => {
          const badges = badgesOf(line);
          const more = badges.length - 2;
          return (
            <>
              {badges.slice(0, 2).map((one, index) =>
                badge(
                  one,
                  styles,
                  () => {
                    onUnfold(line);
                  },
                  String(index),
                ),
              )}
              {more > 0 && (
                <span
                  className={styles.badge}
                  title={badges
                    .slice(2)
                    .map((one) => one.text)
                    .join(", ")}
                >{`+${String(more)}`}</span>
              )}
            </>
          );
        },
      },
      {
        id: "delta",
        header: "Since the row above",
        width: 110,
        align: "end",
        cell: ({ line }) =>
          line.before === null
            ? null
            : durationText(Math.abs(ticksBetween(line.before, line.row.Timestamp))),
      },
      {
        id: "action",
        header: "Action type",
        width: 170,
        cell: ({ line }) => <Value text={line.row.ActionType} cut="end" />,
      },
      {
        id: "process",
        header: "Process",
        width: 140,
        cell: ({ line }) => <Value text={line.row.Actor} cut="middle" />,
      },
      {
        id: "object",
        header: "Object",
        width: 160,
        cell: ({ line }) => <Value text={line.row.Title} cut="middle" />,
      },
      {
        id: "detail",
        header: "Detail",
        width: 260,
        cell: ({ line }) => <Value text={line.row.Detail.slice(0, 600)} kind="mono" cut="end" />,
      },
      {
        id: "source",
        header: "Source",
        width: 220,
        cell: ({ line }) => <Value text={line.row.Source} cut="end" />,
      },
    ];
  }, [styles, zone, deviceName, mayFlag, onFlag, onUnfold]);
}

/** Columns that a timeline has before somebody chooses others. */
export const firstColumns = ["flag", "time", "trail", "kind", "event", "account", "info"];

/** All columns by name, for the menu that chooses them. */
export const columnNames: readonly (readonly [id: string, name: string])[] = [
  ["flag", "Flag"],
  ["time", "Time"],
  ["trail", "Trail"],
  ["kind", "Event group"],
  ["event", "Event"],
  ["account", "Account"],
  ["info", "Additional information"],
  ["delta", "Since the row above"],
  ["action", "Action type"],
  ["process", "Process"],
  ["object", "Object"],
  ["detail", "Detail"],
  ["source", "Source"],
];
