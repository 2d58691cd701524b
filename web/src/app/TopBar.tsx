import {
  Avatar,
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { ChevronRightRegular } from "@fluentui/react-icons";
import { Fragment } from "react";
import { Link, useNavigate } from "react-router";
import { CommandPalette } from "./CommandPalette";
import { useCrumbs } from "./breadcrumb";
import { Segments } from "@/components/Segments";
import { usePreferences, type ThemeChoice } from "./preferences";
import { useSession } from "./session";
import { role } from "./theme";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "10px",
    padding: "0 12px 0 16px",
    background: role("surface"),
    borderBottom: `1px solid ${role("stroke")}`,
  },
  crumbs: {
    display: "flex",
    alignItems: "center",
    gap: "6px",
    fontSize: "12px",
    color: role("text2"),
    flex: "1 1 0",
    minWidth: 0,
    overflow: "hidden",
    whiteSpace: "nowrap",
    "& b": { color: role("text1"), fontWeight: 600, overflow: "hidden", textOverflow: "ellipsis" },
  },
  end: {
    flex: "1 1 0",
    display: "flex",
    alignItems: "center",
    justifyContent: "flex-end",
    gap: "6px",
  },
});

/** Breadcrumb, time zone, person. */
export function TopBar() {
  const styles = useStyles();
  const crumbs = useCrumbs();
  const navigate = useNavigate();
  const { me, signOut } = useSession();
  const { preferences, change } = usePreferences();
  return (
    <header className={styles.bar}>
      <nav aria-label="Breadcrumb" className={styles.crumbs}>
        {crumbs.map((crumb, index) => (
          <Fragment key={`${String(index)}-${crumb.label}`}>
            {index > 0 && <ChevronRightRegular fontSize={12} aria-hidden />}
            {crumb.to === undefined ? (
              <b aria-current="page">
                <bdi>{crumb.label}</bdi>
              </b>
            ) : (
              <Link to={crumb.to}>
                <bdi>{crumb.label}</bdi>
              </Link>
            )}
          </Fragment>
        ))}
      </nav>
      <CommandPalette />
      <div className={styles.end}>
        <Segments
          label="Time zone"
          value={preferences.clock}
          choices={[
            { value: "utc", label: "UTC" },
            {
              value: "mine",
              label: "Local",
              hint: preferences.ownZone === "" ? "Zone of this browser" : preferences.ownZone,
            },
          ]}
          onChange={(clock) => {
            change({ clock });
          }}
        />
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button
              appearance="transparent"
              aria-label={`You: ${me?.name ?? ""}`}
              icon={<Avatar name={me?.name ?? ""} size={28} />}
            />
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => void navigate("/settings/me")}>
                {me?.name}: settings
              </MenuItem>
              {(["system", "light", "dark"] as const satisfies readonly ThemeChoice[]).map(
                (theme) => (
                  <MenuItem
                    key={theme}
                    disabled={preferences.theme === theme}
                    onClick={() => {
                      change({ theme });
                    }}
                  >
                    {
                      { system: "Theme of the system", light: "Light theme", dark: "Dark theme" }[
                        theme
                      ]
                    }
                  </MenuItem>
                ),
              )}
              <MenuItem onClick={() => void signOut()}>Sign out</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      </div>
    </header>
  );
}
