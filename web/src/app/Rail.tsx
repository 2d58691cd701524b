import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { NavLink } from "react-router";
import { areas, type Area } from "./areas";
import { useSession } from "./session";
import { role } from "./theme";

const useStyles = makeStyles({
  rail: {
    display: "flex",
    flexDirection: "column",
    padding: "0 4px 8px",
    background: role("rail"),
    color: role("railText"),
  },
  logo: { height: "44px", display: "grid", placeItems: "center" },
  list: { display: "flex", flexDirection: "column", gap: "2px", flex: 1 },
  gap: { flex: 1 },
  link: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: "3px",
    padding: "8px 0 6px",
    borderRadius: "4px",
    borderLeft: "3px solid transparent",
    color: "inherit",
    fontSize: "11px",
    lineHeight: "13px",
    ":hover": { textDecoration: "none", color: role("railOn") },
    ":focus-visible": { outline: `2px solid ${role("railMark")}`, outlineOffset: "-2px" },
  },
  on: {
    background: role("railSelected"),
    color: role("railOn"),
    borderLeftColor: role("railMark"),
  },
});

function Entry({ area }: { area: Area }) {
  const styles = useStyles();
  const Icon = area.icon;
  return (
    <NavLink
      to={area.path}
      end={area.path === "/"}
      className={({ isActive }) => mergeClasses(styles.link, isActive && styles.on)}
    >
      <Icon fontSize={20} aria-hidden />
      {area.label}
    </NavLink>
  );
}

/** The areas that this person may open. */
export function Rail({ className }: { className?: string }) {
  const styles = useStyles();
  const { may } = useSession();
  const open = areas.filter((area) => area.permission === null || may(area.permission));
  return (
    <nav className={mergeClasses(styles.rail, className)} aria-label="Areas">
      <div className={styles.logo}>
        <img src="/mark.svg" alt="Spoor" width={24} height={24} />
      </div>
      <ul className={styles.list}>
        {open
          .filter((area) => !area.foot)
          .map((area) => (
            <li key={area.path}>
              <Entry area={area} />
            </li>
          ))}
        <li className={styles.gap} aria-hidden />
        {open
          .filter((area) => area.foot)
          .map((area) => (
            <li key={area.path}>
              <Entry area={area} />
            </li>
          ))}
      </ul>
    </nav>
  );
}
