// The filter language above a grid: completion from the fields, applied with Enter, told in the server's words where it is wrong.
import { Button, makeStyles, mergeClasses, shorthands } from "@fluentui/react-components";
import { DismissRegular, FilterRegular } from "@fluentui/react-icons";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import type { ApiError } from "@/api/call";
import { role } from "@/app/theme";
import { completions, filterTerms, type FilterField } from "@/lib/filterText";

export type { FilterField };

export interface FilterBarProps {
  label: string;
  /** The filter in force */
  value: string;
  /** Enter, or the filter taken away */
  onChange: (value: string) => void;
  fields: readonly FilterField[];
  /** What the server says against the filter that was sent last */
  error?: ApiError | null | undefined;
  placeholder?: string;
  inputRef?: RefObject<HTMLInputElement | null>;
}

const useStyles = makeStyles({
  box: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    gap: "8px",
    flex: 1,
    minWidth: "200px",
    height: "30px",
    padding: "0 2px 0 10px",
    background: role("surface"),
    border: `1px solid ${role("strokeStrong")}`,
    borderRadius: "4px",
    ":focus-within": {
      ...shorthands.borderColor(role("link")),
      boxShadow: `0 0 0 1px ${role("link")}`,
    },
  },
  wrong: shorthands.borderColor(role("severityHighMark")),
  icon: { color: role("text3"), flexShrink: 0 },
  field: { position: "relative", flex: 1, minWidth: 0, height: "100%" },
  text: {
    fontFamily: "var(--fontMono)",
    fontFeatureSettings: '"zero" 1, "calt" 0',
    fontSize: "12px",
    lineHeight: "28px",
    letterSpacing: "normal",
  },
  input: {
    position: "absolute",
    inset: 0,
    width: "100%",
    padding: 0,
    border: "none",
    background: "none",
    color: role("text1"),
    outline: "none",
    "::placeholder": { color: role("text3"), fontFamily: "inherit" },
  },
  under: {
    position: "absolute",
    inset: 0,
    overflow: "hidden",
    whiteSpace: "pre",
    color: "transparent",
    pointerEvents: "none",
  },
  bad: {
    textDecorationLine: "underline",
    textDecorationStyle: "wavy",
    textDecorationColor: role("severityHighMark"),
  },
  key: {
    padding: "0 6px",
    marginRight: "6px",
    border: `1px solid ${role("strokeStrong")}`,
    borderRadius: "3px",
    color: role("text3"),
    fontSize: "11px",
    lineHeight: "16px",
  },
  button: { minWidth: "24px", width: "24px", height: "24px", padding: 0 },
  list: {
    position: "absolute",
    top: "32px",
    left: 0,
    zIndex: 20,
    minWidth: "320px",
    maxWidth: "100%",
    padding: "4px",
    background: role("raised"),
    borderRadius: "4px",
    boxShadow: role("shadow"),
    border: `1px solid ${role("stroke")}`,
  },
  item: {
    display: "flex",
    gap: "12px",
    padding: "4px 8px",
    borderRadius: "3px",
    cursor: "default",
    whiteSpace: "nowrap",
    overflow: "hidden",
    "& small": {
      color: role("text3"),
      fontSize: "12px",
      overflow: "hidden",
      textOverflow: "ellipsis",
    },
  },
  on: { background: role("selected") },
  error: {
    position: "absolute",
    top: "31px",
    left: 0,
    zIndex: 15,
    maxWidth: "100%",
    padding: "4px 10px",
    background: role("severityHighSoft"),
    color: role("severityHigh"),
    borderRadius: "0 0 4px 4px",
    fontSize: "12px",
    lineHeight: "16px",
    boxShadow: role("shadow"),
  },
});

/** Offsets of the term that an error points at (its column counts from 1). */
function badSpan(filter: string, column: number | undefined): [start: number, end: number] | null {
  if (column === undefined) return null;
  const at = column - 1;
  const term = filterTerms(filter).find(({ start, end }) => start <= at && at < end);
  return term ? [term.start, term.end] : null;
}

export function FilterBar(props: FilterBarProps) {
  const { label, value, onChange, fields, error, placeholder } = props;
  const styles = useStyles();
  const own = useRef<HTMLInputElement>(null);
  const input = props.inputRef ?? own;
  const under = useRef<HTMLDivElement>(null);
  const listId = useId();
  const errorId = useId();
  const [draft, setDraft] = useState(value);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);

  useEffect(() => {
    setDraft(value);
  }, [value]);

  const offered = open ? completions(draft, caret, fields) : null;
  const chosen = offered?.items[at];
  const wrong = error && draft === value ? error : null;
  const bad = wrong ? badSpan(draft, wrong.where.column) : null;

  const type = (text: string, to: number) => {
    setDraft(text);
    setCaret(to);
    setAt(-1);
    setOpen(true);
  };
  const take = (text: string) => {
    if (!offered) return;
    const end = text.endsWith(":") ? text : `${text} `;
    const next =
      draft.slice(0, offered.term.start) + end + draft.slice(offered.term.end).trimStart();
    const to = offered.term.start + end.length;
    type(next, to);
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(to, to);
    });
  };
  const apply = () => {
    setOpen(false);
    onChange(draft.trim());
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const count = offered?.items.length ?? 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count === 0) {
        setOpen(true);
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // -1 is the text itself, between the last and the first.
      setAt((before) => ((before + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (chosen) take(chosen.text);
      else apply();
    } else if (event.key === "Tab" && !event.shiftKey && chosen) {
      event.preventDefault();
      take(chosen.text);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (offered) setOpen(false);
      else setDraft(value);
    }
  };

  return (
    <div className={mergeClasses(styles.box, wrong !== null && styles.wrong)} role="search">
      <FilterRegular fontSize={16} className={styles.icon} aria-hidden />
      <div className={styles.field}>
        <div ref={under} className={mergeClasses(styles.under, styles.text)} aria-hidden>
          {bad && (
            <>
              {draft.slice(0, bad[0])}
              <span className={styles.bad}>{draft.slice(bad[0], bad[1])}</span>
            </>
          )}
        </div>
        <input
          ref={input}
          className={mergeClasses(styles.input, styles.text)}
          type="text"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={offered !== null}
          aria-controls={listId}
          {...(chosen ? { "aria-activedescendant": `${listId}-${String(at)}` } : {})}
          aria-invalid={wrong !== null}
          {...(wrong ? { "aria-describedby": errorId } : {})}
          autoComplete="off"
          spellCheck={false}
          maxLength={4000}
          {...(placeholder === undefined ? {} : { placeholder })}
          value={draft}
          onChange={(event) => {
            type(event.target.value, event.target.selectionStart ?? event.target.value.length);
          }}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (under.current) under.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          onBlur={() => {
            setOpen(false);
          }}
        />
      </div>
      {draft === "" ? (
        <kbd className={styles.key} aria-hidden>
          /
        </kbd>
      ) : (
        <Button
          className={styles.button}
          appearance="subtle"
          size="small"
          icon={<DismissRegular fontSize={14} />}
          aria-label="Clear the filter"
          onClick={() => {
            setDraft("");
            onChange("");
            input.current?.focus();
          }}
        />
      )}
      {offered ? (
        <ul className={styles.list} id={listId} role="listbox" aria-label="Completions">
          {offered.items.map((item, index) => (
            <li
              key={item.text}
              id={`${listId}-${String(index)}`}
              role="option"
              aria-selected={index === at}
              className={mergeClasses(styles.item, index === at && styles.on)}
              onMouseDown={(event) => {
                event.preventDefault();
                take(item.text);
              }}
              onMouseEnter={() => {
                setAt(index);
              }}
            >
              <span className="mono">{item.text}</span>
              {item.doc !== "" && <small>{item.doc}</small>}
            </li>
          ))}
        </ul>
      ) : (
        <span id={listId} hidden />
      )}
      {wrong && !offered && (
        <p className={styles.error} id={errorId} role="alert">
          {wrong.message}
          {wrong.hint !== "" && `: ${wrong.hint}`}
          {". The last filter that could be read stays in force."}
        </p>
      )}
    </div>
  );
}
