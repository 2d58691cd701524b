import { makeStyles, mergeClasses } from "@fluentui/react-components";
import {
  DocumentRegular,
  GlobeRegular,
  LaptopRegular,
  PersonRegular,
  SearchRegular,
} from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { useNavigate } from "react-router";
import { query } from "@/api/call";
import { Value } from "@/components/Value";
import { useUndoToast } from "@/components/UndoToast";
import { deviceFilter, matching, pages, type Command } from "./commands";
import { usePreferences } from "./preferences";
import { foundLink, foundText } from "./search";
import { useSession } from "./session";
import { role } from "./theme";
import { useSearch } from "./useSearch";

const useStyles = makeStyles({
  box: { position: "relative", flex: "0 1 520px", minWidth: "160px" },
  field: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    height: "30px",
    padding: "0 8px 0 10px",
    background: role("sunken"),
    border: `1px solid ${role("stroke")}`,
    borderRadius: "4px",
    color: role("text3"),
    ":focus-within": { outline: `2px solid ${role("link")}`, outlineOffset: "0" },
  },
  input: {
    flex: 1,
    minWidth: 0,
    border: 0,
    outlineStyle: "none",
    background: "transparent",
    color: role("text1"),
    font: "inherit",
    "::placeholder": { color: role("text3"), opacity: 1 },
  },
  key: {
    padding: "0 5px",
    borderRadius: "3px",
    border: `1px solid ${role("strokeStrong")}`,
    background: role("surface"),
    fontSize: "11px",
    lineHeight: "16px",
    whiteSpace: "nowrap",
  },
  list: {
    position: "absolute",
    zIndex: 50,
    top: "36px",
    left: 0,
    right: 0,
    maxHeight: "60vh",
    overflow: "auto",
    padding: "4px",
    background: role("raised"),
    border: `1px solid ${role("stroke")}`,
    borderRadius: "6px",
    boxShadow: role("shadow"),
  },
  group: { padding: "6px 8px 2px", fontSize: "12px", lineHeight: "16px", color: role("text3") },
  option: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    minHeight: "28px",
    padding: "0 8px",
    borderRadius: "4px",
    cursor: "pointer",
    color: role("text1"),
    ":hover": { background: role("hover") },
  },
  active: { background: role("selected") },
  note: { marginLeft: "auto", minWidth: 0, color: role("text3"), fontSize: "12px" },
  told: { padding: "4px 8px", color: role("text3") },
  muted: { color: role("text3") },
  none: { padding: "10px 8px", color: role("text2") },
});

/** Wait after a letter before the server is asked (ms) */
const pause = 150;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(text);
    }, pause);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return settled;
}

const groupNames = ["Devices", "Users", "Files", "Addresses", "Pages and commands"] as const;
type GroupName = (typeof groupNames)[number];

const icons: Record<GroupName, ReactNode> = {
  Devices: <LaptopRegular aria-hidden />,
  Users: <PersonRegular aria-hidden />,
  Files: <DocumentRegular aria-hidden />,
  Addresses: <GlobeRegular aria-hidden />,
  "Pages and commands": null,
};

interface Choice extends Command {
  group: GroupName;
  /** What is known of what was found */
  note?: string;
}

/** Search over devices, pages and commands: the field of the top bar, reached by Ctrl K. */
export function CommandPalette() {
  const styles = useStyles();
  const listId = useId();
  const navigate = useNavigate();
  const say = useUndoToast();
  const { may, signOut } = useSession();
  const { preferences, change } = usePreferences();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const text = useSettled(typed.trim());
  const asks = open && text.length > 0 && may("devices.read");
  const search = useSearch(text, open && may("query.run"));
  const devices = useQuery({
    ...query("listDevices", { query: { q: deviceFilter(text), limit: 8 } }),
    enabled: asks,
  });

  const commands = useMemo<Command[]>(() => {
    const other = preferences.clock === "utc" ? "mine" : "utc";
    return [
      ...pages(may),
      {
        id: "copy-link",
        label: "Copy link to this page",
        act: () => {
          void navigator.clipboard.writeText(window.location.href).then(() => {
            say("Link copied.");
          });
        },
      },
      {
        id: "zone",
        label: other === "utc" ? "Switch to UTC" : "Switch to Local time",
        act: () => {
          change({ clock: other });
        },
      },
      ...(["light", "dark", "system"] as const)
        .filter((theme) => theme !== preferences.theme)
        .map((theme) => ({
          id: `theme-${theme}`,
          label: theme === "system" ? "Theme of the system" : `Switch to the ${theme} theme`,
          act: () => {
            change({ theme });
          },
        })),
      { id: "sign-out", label: "Sign out", act: () => void signOut() },
    ];
  }, [may, signOut, preferences.clock, preferences.theme, change, say]);

  const choices = useMemo<Choice[]>(() => {
    const found = asks ? (devices.data?.items ?? []) : [];
    return [
      ...found.map((device): Choice => ({
        id: `device-${device.device_id}`,
        group: "Devices",
        label: device.name,
        note: [device.os_platform, device.domain].filter((part) => part !== "").join(", "),
        to: `/devices/${encodeURIComponent(device.device_id)}/overview`,
      })),
      ...search.found.map((found): Choice => ({
        id: `${found.kind}-${found.name}`,
        group: found.kind,
        label: found.name,
        note: foundText(found, preferences.zone),
        to: foundLink(found),
      })),
      ...matching(commands, typed).map((command): Choice => ({
        ...command,
        group: "Pages and commands",
      })),
    ];
  }, [asks, devices.data, search.found, preferences.zone, commands, typed]);
  const active = Math.min(at, choices.length - 1);

  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
        setOpen(true);
      }
    };
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", listen);
    };
  }, []);

  function close() {
    setOpen(false);
    setTyped("");
    setAt(0);
  }

  function choose(choice: Choice | undefined, newTab: boolean) {
    if (!choice) return;
    close();
    field.current?.blur();
    if (choice.to === undefined) choice.act?.();
    else if (newTab) window.open(choice.to, "_blank", "noopener");
    else void navigate(choice.to);
  }

  function keyDown(event: KeyboardEvent) {
    const last = choices.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (last >= 0) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        setAt((active + step + last + 1) % (last + 1));
      }
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(choices[active], event.ctrlKey || event.metaKey);
    } else if (event.key === "Escape" && (open || typed !== "")) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  const optionId = (index: number) => `${listId}-${String(index)}`;
  useEffect(() => {
    if (open && active >= 0) {
      document.getElementById(`${listId}-${String(active)}`)?.scrollIntoView({ block: "nearest" });
    }
  }, [open, active, listId]);

  const option = (choice: Choice, index: number) => (
    <div
      key={choice.id}
      id={optionId(index)}
      role="option"
      aria-selected={index === active}
      className={mergeClasses(styles.option, index === active && styles.active)}
      // The field keeps the focus.
      onMouseDown={(event) => {
        event.preventDefault();
      }}
      onClick={(event) => {
        choose(choice, event.ctrlKey || event.metaKey);
      }}
    >
      {choice.group !== "Pages and commands" ? (
        <>
          {icons[choice.group]}
          <Value text={choice.label} kind="name" cut="end" />
          {choice.note !== undefined && choice.note !== "" && (
            <span className={styles.note}>
              <Value text={choice.note} cut="end" />
            </span>
          )}
        </>
      ) : (
        choice.label
      )}
    </div>
  );
  /** What is to be said of a group that is not read, or not yet */
  const told = (name: GroupName): string => {
    const failed = search.failed.find(({ kind }) => kind === name);
    if (failed) return `Could not be searched: ${failed.why}`;
    return search.waits.some((kind) => kind === name) ? "Looking through the events." : "";
  };
  const groups = groupNames.map((name) => ({
    name,
    members: choices.flatMap((choice, index) => (choice.group === name ? [{ choice, index }] : [])),
  }));

  return (
    <div
      className={styles.box}
      role="search"
      aria-label="Devices, users, files, addresses, pages and commands"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <div className={styles.field}>
        <SearchRegular aria-hidden fontSize={16} />
        <input
          ref={field}
          className={styles.input}
          role="combobox"
          aria-label="Search"
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-keyshortcuts="Control+K"
          {...(open && active >= 0 ? { "aria-activedescendant": optionId(active) } : {})}
          placeholder="Search devices, users, files, hashes, addresses"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onFocus={() => {
            setOpen(true);
          }}
          onClick={() => {
            setOpen(true);
          }}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
            setOpen(true);
          }}
          onKeyDown={keyDown}
        />
        <span className={mergeClasses(styles.key, "mono")} aria-hidden>
          Ctrl K
        </span>
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="Found"
        className={open ? styles.list : undefined}
        hidden={!open}
      >
        {open &&
          groups.map(
            ({ name, members }) =>
              (members.length > 0 || told(name) !== "") && (
                <div key={name} role="group" aria-label={name}>
                  <div className={styles.group} aria-hidden>
                    {name}
                  </div>
                  {members.map(({ choice, index }) => option(choice, index))}
                  {told(name) !== "" && (
                    <div className={styles.told} role="presentation">
                      {told(name)}
                    </div>
                  )}
                </div>
              ),
          )}
      </div>
      {open && (
        <p
          className={
            choices.length === 0 ? mergeClasses(styles.list, styles.none) : "visuallyHidden"
          }
          role="status"
        >
          {choices.length > 0
            ? ""
            : devices.isFetching || text !== typed.trim()
              ? "Looking."
              : devices.error
                ? `Devices could not be searched: ${devices.error.message}`
                : search.waits.length > 0
                  ? "Looking."
                  : `No device, ${may("query.run") ? "user, file, address, " : ""}page or command matches “${typed.trim().slice(0, 80)}”.`}
        </p>
      )}
    </div>
  );
}
