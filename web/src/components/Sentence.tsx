import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { Fragment } from "react";
import { role } from "@/app/theme";
import { sentenceOf, sentenceText, type Said } from "@/lib/sentence";
import { Value } from "./Value";

const useStyles = makeStyles({
  line: {
    display: "block",
    minWidth: 0,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    color: role("text2"),
  },
  words: { whiteSpace: "pre" },
  wrapped: { whiteSpace: "pre-wrap" },
  actor: { "& bdi": { color: role("text1") } },
  technique: { "& bdi": { color: role("technique"), fontWeight: 600 } },
  two: { overflowWrap: "anywhere" },
});

/** Letters of a value that a line lays out; the rest is in the panel. */
const lineLetters = 600;

/**
 * What happened, as a sentence. In a row it is one line; `wrap` lets it be more; `withoutActor` leaves out who did it, where
 * that stands above.
 */
export function Sentence({
  row,
  wrap = false,
  withoutActor = false,
}: {
  row: Said;
  wrap?: boolean;
  withoutActor?: boolean;
}) {
  const styles = useStyles();
  const all = sentenceOf(row);
  const pieces = withoutActor && all[0]?.kind === "actor" ? all.slice(1) : all;
  return (
    <span
      className={wrap ? styles.two : styles.line}
      {...(wrap ? {} : { title: sentenceText(row).slice(0, 1000) })}
    >
      {pieces.map((piece, index) => {
        const key = String(index);
        if (piece.kind === "words") {
          return (
            <Fragment key={key}>
              <span className={wrap ? styles.wrapped : styles.words}>{piece.text}</span>
            </Fragment>
          );
        }
        const kind = { actor: "plain", object: "name", technique: "plain" } as const;
        const shown =
          piece.kind === "actor" || piece.kind === "object" || piece.kind === "technique"
            ? kind[piece.kind]
            : piece.kind;
        return (
          <span
            key={key}
            className={mergeClasses(
              piece.kind === "actor" && styles.actor,
              piece.kind === "technique" && styles.technique,
            )}
          >
            <Value text={wrap ? piece.text : piece.text.slice(0, lineLetters)} kind={shown} />
          </span>
        );
      })}
    </span>
  );
}
