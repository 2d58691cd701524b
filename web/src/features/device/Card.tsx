import type { ReactNode } from "react";
import { useId } from "react";
import css from "./device.module.css";

/** A card of the overview: a heading, what it counts, a way on, and its content. */
export function Card({
  title,
  note,
  link,
  columns,
  children,
}: {
  title: string;
  /** What is counted, and over which time */
  note?: ReactNode;
  link?: ReactNode;
  /** Of the twelve columns of the page */
  columns: 3 | 4 | 5 | 6 | 12;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={css.card} data-columns={columns} aria-labelledby={id}>
      <header className={css.cardHead}>
        <h2 id={id} className={css.cardTitle}>
          {title}
        </h2>
        {note !== undefined && <span className={css.note}>{note}</span>}
        {link !== undefined && <span className={css.cardLink}>{link}</span>}
      </header>
      <div className={css.cardBody}>{children}</div>
    </section>
  );
}

/** One line of a card that has nothing to count. */
export function Unknown({ children }: { children: ReactNode }) {
  return <p className={css.unknown}>{children}</p>;
}
