// The columns of the tree: process, command line, account, techniques, time.
import { mergeClasses } from "@fluentui/react-components";
import { MoreHorizontalRegular, ShieldRegular, WindowPlayRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import type { ProcessNode } from "@/api/gen/api";
import type { Column } from "@/components/grid";
import { TechniqueBadge } from "@/components/TechniqueBadge";
import { Value } from "@/components/Value";
import { spoken } from "@/lib/hostile";
import type { Tick } from "@/lib/timeAxis";
import type { Span } from "./axis";
import type { Gap } from "./gaps";
import { Lifetime, AxisHead, lifeText } from "./Lifetime";
import { LinkLines } from "./LinkLines";
import type { LinkPart } from "./links";
import type { Life } from "./lives";
import type { Line } from "./outline";
import css from "./tree.module.css";
import type { Reading } from "./useTree";

/** Letters of a command line that a row lays out */
const rowLetters = 400;
/** Techniques of a row; the others are counted */
const rowTechniques = 2;

export const notRecorded = "its own start is not recorded: it was named by what it started";

export function nameOf(node: ProcessNode): string {
  return node.FileName === "" ? "not recorded" : node.FileName;
}

/** What a screen reader says of a line. */
export function lineName(line: Line, life: (key: string) => Life): string {
  if (line.kind === "fold") {
    return `${String(line.fold.count)} more of ${spoken(line.fold.fileName)}`;
  }
  if (line.kind === "wait") return "Processes that are not loaded";
  const { node } = line;
  return [
    `${spoken(nameOf(node))} ${node.ProcessId === null ? "" : String(node.ProcessId)}`.trim(),
    node.is_inferred ? notRecorded : "",
    isElevated(node) ? "elevated" : "",
    lifeText(life(node.ProcessKey)),
    spoken(node.ProcessCommandLine.slice(0, rowLetters)),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** With all rights of an administrator. Services have them by nature and are not marked. */
export function isElevated(node: ProcessNode): boolean {
  return node.elevation === "TokenElevationTypeFull" || node.integrity === "High";
}

const noLinks: readonly LinkPart[] = [];

export interface ColumnsOf {
  span: Span;
  ticks: readonly Tick[];
  gaps: readonly Gap[];
  life: (key: string) => Life;
  asked: string | null;
  readings: ReadonlyMap<string, Reading>;
  links: ReadonlyMap<string, readonly LinkPart[]>;
  onSpan: (span: Span) => void;
}

function ProcessCell({ line, asked }: { line: Line & { kind: "process" }; asked: string | null }) {
  const { node, unread, expanded } = line;
  return (
    <span className={css.process}>
      <WindowPlayRegular
        fontSize={16}
        className={`${css.icon ?? ""} ${node.is_inferred ? (css.ghostIcon ?? "") : ""}`}
        aria-hidden
      />
      <span
        className={mergeClasses(
          css.process,
          node.is_inferred && css.plain,
          node.ProcessKey === asked && css.asked,
        )}
      >
        <Value text={nameOf(node)} kind="name" cut="end" />
      </span>
      {node.ProcessId !== null && <span className={css.pid}>{node.ProcessId}</span>}
      {isElevated(node) && (
        <ShieldRegular
          fontSize={14}
          {...(css.icon === undefined ? {} : { className: css.icon })}
          role="img"
          aria-label="Elevated"
          title="Elevated"
        />
      )}
      {unread && expanded === false && <span className={css.more}>more below</span>}
    </span>
  );
}

function WaitCell({
  line,
  reading,
}: {
  line: Line & { kind: "wait" };
  reading: Reading | undefined;
}) {
  if (reading?.error) {
    return (
      <span className={css.process}>
        <span className={css.rest}>{`Could not be read: ${reading.error.message}`}</span>
        <button type="button" className={css.more} tabIndex={-1} onClick={reading.retry}>
          Try again
        </button>
      </span>
    );
  }
  if (line.missing !== null) {
    return <span className={css.rest}>{`${String(line.missing)} more are not shown here`}</span>;
  }
  return <span className={css.rest}>Reading the processes…</span>;
}

function first(line: Line, of: ColumnsOf): ReactNode {
  if (line.kind === "wait") return <WaitCell line={line} reading={of.readings.get(line.of)} />;
  if (line.kind === "process") return <ProcessCell line={line} asked={of.asked} />;
  return (
    <span className={css.process}>
      <span className={css.icon}>
        <MoreHorizontalRegular fontSize={16} aria-hidden />
      </span>
      <span className={css.more}>{`${String(line.fold.count)} more of`}</span>
      <Value text={line.fold.fileName === "" ? "not recorded" : line.fold.fileName} cut="end" />
    </span>
  );
}

export function columnsOf(of: ColumnsOf): Column<Line>[] {
  return [
    {
      id: "process",
      header: "Process",
      width: 340,
      cell: (line) => first(line, of),
    },
    {
      id: "command",
      header: "Command line",
      width: 220,
      flex: true,
      cell: (line) => {
        if (line.kind !== "process") return null;
        const { node } = line;
        if (node.is_inferred && node.ProcessCommandLine === "") {
          return <span className={css.italic}>start not recorded: named by its child</span>;
        }
        if (node.ProcessCommandLine === "") return <span className={css.italic}>not recorded</span>;
        return <Value text={node.ProcessCommandLine.slice(0, rowLetters)} kind="mono" cut="end" />;
      },
    },
    {
      id: "account",
      header: "Account",
      width: 150,
      cell: (line) =>
        line.kind === "process" && line.node.Account !== "" ? (
          <Value text={line.node.Account} cut="end" />
        ) : null,
    },
    {
      id: "techniques",
      header: "Techniques",
      width: 128,
      cell: (line) => {
        if (line.kind !== "process") return null;
        const { techniques } = of.life(line.node.ProcessKey);
        const rest = techniques.length - rowTechniques;
        return (
          <span className={css.badges}>
            {techniques.slice(0, rowTechniques).map((id) => (
              <TechniqueBadge key={id} id={id} />
            ))}
            {rest > 0 && <span className={css.rest}>{`+${String(rest)}`}</span>}
          </span>
        );
      },
    },
    {
      id: "lifetimes",
      header: "Lifetimes",
      headerFace: <AxisHead span={of.span} gaps={of.gaps} onSpan={of.onSpan} />,
      width: 600,
      cell: (line) =>
        line.kind === "process" ? (
          <Lifetime
            life={of.life(line.node.ProcessKey)}
            span={of.span}
            ticks={of.ticks}
            gaps={of.gaps}
            links={of.links.get(line.id) ?? noLinks}
            isInferred={line.node.is_inferred && line.node.ProcessCreationTime === null}
          />
        ) : (
          <svg className={css.lane} aria-hidden>
            <LinkLines links={of.links.get(line.id) ?? noLinks} span={of.span} />
          </svg>
        ),
    },
  ];
}
