// The things of an event and how they stand to each other: a small picture whose parts are buttons, with its words for a screen reader.
import { makeStyles, mergeClasses } from "@fluentui/react-components";
import {
  DocumentRegular,
  GlobeRegular,
  PersonRegular,
  CubeTreeRegular,
  WindowPlayRegular,
} from "@fluentui/react-icons";
import type { Event } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Value } from "@/components/Value";
import { spoken } from "@/lib/hostile";
import type { FieldActs } from "./EventFields";
import { relationsOf, relationWords, type Relation, type Thing } from "./relations";

/** Height of a thing and the room between two (px) */
const boxHeight = 28;
const step = 40;
/** Width of the lines between two columns, in the picture's own measure */
const lineWidth = 100;

const useStyles = makeStyles({
  heading: {
    fontSize: "12px",
    lineHeight: "16px",
    fontWeight: 600,
    color: role("text2"),
    margin: "12px 0 4px",
  },
  graph: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 20px minmax(0, 1fr) 64px minmax(0, 1fr)",
    fontSize: "12px",
  },
  column: { display: "flex", flexDirection: "column", justifyContent: "center", minWidth: 0 },
  slot: { display: "flex", alignItems: "center", height: `${String(step)}px`, minWidth: 0 },
  thing: {
    display: "flex",
    alignItems: "center",
    gap: "4px",
    width: "100%",
    minWidth: 0,
    height: `${String(boxHeight)}px`,
    padding: "0 4px",
    border: `1px solid ${role("strokeStrong")}`,
    borderRadius: "4px",
    background: role("surface"),
    font: "inherit",
    color: role("text1"),
    cursor: "pointer",
    ":hover": { background: role("hover") },
    ":focus-visible": { outline: `2px solid ${role("link")}`, outlineOffset: "1px" },
    "& > span": { minWidth: 0, overflow: "hidden" },
  },
  centre: { background: role("selected") },
  icon: { flexShrink: 0, color: role("text3") },
  lines: { position: "relative", minWidth: 0 },
  svg: { position: "absolute", inset: 0, width: "100%", height: "100%" },
  line: { stroke: role("strokeStrong"), strokeWidth: "1.5px", fill: "none" },
  word: {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    height: `${String(step)}px`,
    position: "relative",
    fontSize: "11px",
    color: role("text3"),
    "& > span": { background: role("surface"), padding: "0 2px", whiteSpace: "nowrap" },
  },
});

const icons = {
  account: PersonRegular,
  process: WindowPlayRegular,
  file: DocumentRegular,
  address: GlobeRegular,
  key: CubeTreeRegular,
} as const;

function Box({ thing, centre, acts }: { thing: Thing; centre?: boolean; acts: FieldActs }) {
  const styles = useStyles();
  const Icon = icons[thing.kind];
  return (
    <button
      type="button"
      className={mergeClasses(styles.thing, centre === true && styles.centre)}
      aria-label={`Only events with ${thing.field} ${spoken(thing.value).slice(0, 80)}`}
      onClick={() => {
        acts.onOnly(thing.field, thing.value);
      }}
    >
      <Icon fontSize={14} className={styles.icon} aria-hidden />
      <Value text={thing.name} cut="middle" />
    </button>
  );
}

/** Lines from each of `count` places to the middle, or back. */
function Lines({ count, toMiddle }: { count: number; toMiddle: boolean }) {
  const styles = useStyles();
  const places = Array.from({ length: count }, (_, at) => 50 + (at - (count - 1) / 2) * step);
  return (
    <svg
      className={styles.svg}
      viewBox={`0 ${String(50 - 50)} ${String(lineWidth)} 100`}
      preserveAspectRatio="none"
      style={{ overflow: "visible", height: "100px", top: "50%", marginTop: "-50px" }}
      aria-hidden
    >
      {places.map((y) => (
        <path
          key={y}
          className={styles.line}
          vectorEffect="non-scaling-stroke"
          d={
            toMiddle
              ? `M0 ${String(y)} C50 ${String(y)} 50 50 ${String(lineWidth)} 50`
              : `M0 50 C50 50 50 ${String(y)} ${String(lineWidth)} ${String(y)}`
          }
        />
      ))}
    </svg>
  );
}

export function EntityGraph({ event, acts }: { event: Event; acts: FieldActs }) {
  const styles = useStyles();
  const found = relationsOf(event);
  if (!found) return null;
  const { centre, before, after } = found;
  const column = (relations: readonly Relation[], side: "from" | "to") => (
    <div className={styles.column}>
      {relations.map((relation) => (
        <div key={relationWords(relation)} className={styles.slot}>
          <Box thing={relation[side]} acts={acts} />
        </div>
      ))}
    </div>
  );
  return (
    <section aria-label="Who did what">
      <h3 className={styles.heading}>Who did what</h3>
      <ul className="visuallyHidden">
        {[...before, ...after].map((relation) => (
          <li key={relationWords(relation)}>{spoken(relationWords(relation)).slice(0, 300)}</li>
        ))}
      </ul>
      <div className={styles.graph}>
        {column(before, "from")}
        <div className={styles.lines}>
          <Lines count={before.length} toMiddle />
        </div>
        <div className={styles.column}>
          <div className={styles.slot}>
            <Box thing={centre} centre acts={acts} />
          </div>
        </div>
        <div className={mergeClasses(styles.lines, styles.column)}>
          <Lines count={after.length} toMiddle={false} />
          {after.map((relation) => (
            <div key={relationWords(relation)} className={styles.word} aria-hidden>
              <span>{relation.words}</span>
            </div>
          ))}
        </div>
        {column(after, "to")}
      </div>
    </section>
  );
}
