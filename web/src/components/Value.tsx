// The one way to show text of events, devices and files: isolated, unseen characters made visible, with what can be done with it.
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  mergeClasses,
} from "@fluentui/react-components";
import { MoreHorizontalRegular } from "@fluentui/react-icons";
import { Fragment, useState, type ReactNode } from "react";
import { role } from "@/app/theme";
import {
  copyText,
  defanged,
  hasDirectionMarks,
  isPlain,
  looksLike,
  pieces,
  spoken,
  splitName,
  splitPath,
} from "@/lib/hostile";
import { countText } from "@/lib/amounts";

export interface ValueProps {
  text: string;
  /** `name`: semibold; `path`, `plain`: secondary; `mono`: command lines, hashes, keys */
  kind?: "name" | "path" | "mono" | "plain";
  /** Where a text too long for its place loses letters. Without it the text wraps */
  cut?: "end" | "middle";
  /** Column that the value is of: names it in the menu */
  field?: string;
  /** A menu button is shown where one of these, `field` or `menu` is given */
  onOnly?: (() => void) | undefined;
  onExclude?: (() => void) | undefined;
  menu?: boolean;
}

/** Letters laid out at most; the rest is asked for */
const lettersShown = 4000;

const useStyles = makeStyles({
  value: { unicodeBidi: "isolate", overflowWrap: "anywhere", minWidth: 0 },
  name: { fontWeight: 600, color: role("text1") },
  path: { color: role("text2") },
  plain: { color: role("text2") },
  mono: {
    fontFamily: "var(--fontMono)",
    fontFeatureSettings: '"zero" 1, "calt" 0',
    fontSize: "12px",
    color: role("text2"),
  },
  end: {
    display: "inline-block",
    maxWidth: "100%",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    verticalAlign: "bottom",
  },
  middle: { display: "inline-flex", maxWidth: "100%", whiteSpace: "pre", verticalAlign: "bottom" },
  head: { overflow: "hidden", textOverflow: "ellipsis", flexShrink: 1, minWidth: 0 },
  tail: { flexShrink: 0, maxWidth: "100%", overflow: "hidden", textOverflow: "ellipsis" },
  mark: {
    padding: "0 2px",
    borderRadius: "2px",
    background: role("text3"),
    color: role("surface"),
    fontFamily: "var(--fontMono)",
    fontSize: "0.85em",
    fontWeight: 400,
    whiteSpace: "nowrap",
  },
  odd: { textDecoration: "underline wavy", textDecorationColor: role("severityMediumMark") },
  badge: {
    marginLeft: "4px",
    padding: "0 6px",
    borderRadius: "4px",
    border: `1px solid ${role("severityMediumMark")}`,
    color: role("severityMedium"),
    fontSize: "12px",
    fontWeight: 400,
    whiteSpace: "nowrap",
  },
  withMenu: {
    display: "inline-flex",
    alignItems: "center",
    maxWidth: "100%",
    minWidth: 0,
    "&:hover > button, &:focus-within > button": { opacity: 1 },
  },
  button: {
    opacity: 0,
    minWidth: "24px",
    width: "24px",
    height: "24px",
    padding: 0,
    flexShrink: 0,
  },
});

type Styles = ReturnType<typeof useStyles>;

function shown(text: string, styles: Styles): ReactNode {
  if (isPlain(text)) return text;
  return pieces(text).map((piece, index) => {
    const key = String(index);
    if (piece.kind === "mark") {
      return (
        <span key={key} className={styles.mark} title={piece.name}>
          {`⟨${piece.label}⟩`}
        </span>
      );
    }
    if (piece.kind === "odd") {
      return (
        <span key={key} className={styles.odd} title={piece.name}>
          {piece.text}
        </span>
      );
    }
    return <Fragment key={key}>{piece.text}</Fragment>;
  });
}

export function Value(props: ValueProps) {
  const { text, kind = "plain", cut, field, onOnly, onExclude, menu = false } = props;
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const long = cut === undefined && text.length > lettersShown && !all;
  const whole = long ? text.slice(0, lettersShown) : text;
  const like = looksLike(whole);
  const className = mergeClasses(styles.value, styles[kind]);

  let body: ReactNode;
  if (cut === "middle") {
    const [folder, name] = splitPath(whole);
    const [head, tail] = folder === "" ? splitName(name) : [folder, name];
    body = (
      <bdi dir="ltr" className={mergeClasses(className, styles.middle)} title={spoken(text)}>
        {head !== "" && <span className={styles.head}>{shown(head, styles)}</span>}
        <span className={styles.tail}>{shown(tail, styles)}</span>
      </bdi>
    );
  } else {
    body = (
      <bdi
        dir="ltr"
        className={mergeClasses(className, cut === "end" && styles.end)}
        {...(cut === "end" ? { title: spoken(whole.slice(0, lettersShown)) } : {})}
      >
        {shown(whole, styles)}
      </bdi>
    );
  }
  const content = (
    <>
      {body}
      {hasDirectionMarks(whole) && <span className={styles.badge}>Hidden direction marks</span>}
      {like !== null && (
        <span className={styles.badge}>
          Looks like <bdi dir="ltr">{like}</bdi>
        </span>
      )}
      {long && (
        <Button
          size="small"
          appearance="transparent"
          onClick={() => {
            setAll(true);
          }}
        >
          {`Show all ${countText(text.length)} characters`}
        </Button>
      )}
    </>
  );
  if (!menu && field === undefined && !onOnly && !onExclude) return content;
  return (
    <span className={styles.withMenu}>
      {content}
      <ValueMenu text={text} field={field} onOnly={onOnly} onExclude={onExclude} />
    </span>
  );
}

function ValueMenu({
  text,
  field,
  onOnly,
  onExclude,
}: {
  text: string;
  field: string | undefined;
  onOnly: (() => void) | undefined;
  onExclude: (() => void) | undefined;
}) {
  const styles = useStyles();
  const named = `${field === undefined ? "" : `${field} `}${spoken(text).slice(0, 80)}`;
  const copy = (what: string) => void navigator.clipboard.writeText(what);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          className={styles.button}
          appearance="subtle"
          size="small"
          icon={<MoreHorizontalRegular fontSize={16} />}
          aria-label={`What to do with ${named}`}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {onOnly && <MenuItem onClick={onOnly}>Only this</MenuItem>}
          {onExclude && <MenuItem onClick={onExclude}>Exclude</MenuItem>}
          <MenuItem
            onClick={() => {
              copy(copyText(text));
            }}
          >
            Copy
          </MenuItem>
          <MenuItem
            onClick={() => {
              copy(defanged(text));
            }}
          >
            Copy defanged
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
