import { Button, Select, Switch } from "@fluentui/react-components";
import { useMemo, useState, type ReactNode } from "react";
import { usePreferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { NewPasswordForm } from "@/components/NewPasswordForm";
import { Segments } from "@/components/Segments";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
import type { NamedZone } from "@/lib/time";
import css from "./settings.module.css";

function Setting({
  name,
  hint,
  children,
}: {
  name: string;
  hint: string;
  children: (ids: { name: string; hint: string }) => ReactNode;
}) {
  const id = name.replace(/\W/g, "");
  const ids = { name: `set-${id}`, hint: `set-${id}-hint` };
  return (
    <div className={css.setting}>
      <div>
        <div className={css.name} id={ids.name}>
          {name}
        </div>
        <div className={css.small} id={ids.hint}>
          {hint}
        </div>
      </div>
      {children(ids)}
    </div>
  );
}

export function MeSection() {
  const { me, signedIn } = useSession();
  const say = useUndoToast();
  const { preferences, change, kept } = usePreferences();
  const [asks, setAsks] = useState(false);
  const zones = useMemo(
    () => ({
      here: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      all: Intl.supportedValuesOf("timeZone").filter((zone) => zone.includes("/")),
    }),
    [],
  );
  return (
    <>
      <h1>You</h1>
      <section className={css.card} aria-labelledby="set-account">
        <h2 id="set-account">Account</h2>
        <div className={css.setting}>
          <div>
            <Value text={me?.name ?? ""} kind="name" />
            <div className={css.small}>
              Role {me?.role}; {me?.all_devices === true ? "sees all devices" : "sees some devices"}
            </div>
          </div>
          <Button
            aria-expanded={asks}
            onClick={() => {
              setAsks(!asks);
            }}
          >
            Change the password
          </Button>
        </div>
        {asks && (
          <div className={css.body}>
            <NewPasswordForm
              note="Your other sessions end."
              onChanged={(next) => {
                signedIn(next);
                say("Password changed. Your other sessions have ended.");
                setAsks(false);
              }}
              onCancel={() => {
                setAsks(false);
              }}
            />
          </div>
        )}
      </section>
      <section className={css.card} aria-labelledby="set-look">
        <h2 id="set-look">How pages look</h2>
        <Setting name="Theme" hint="Default: that of the system">
          {() => (
            <Segments
              label="Theme"
              value={preferences.theme}
              choices={[
                { value: "system", label: "System" },
                { value: "light", label: "Light" },
                { value: "dark", label: "Dark" },
              ]}
              onChange={(theme) => {
                change({ theme });
              }}
            />
          )}
        </Setting>
        <Setting
          name="Density"
          hint="Height of rows: 24, 26 or 32 pixels. Default: as each page likes it"
        >
          {() => (
            <Segments
              label="Density"
              value={preferences.density}
              choices={[
                { value: "by_page", label: "By page" },
                { value: "dense", label: "Dense" },
                { value: "compact", label: "Compact" },
                { value: "comfortable", label: "Comfortable" },
              ]}
              onChange={(density) => {
                change({ density });
              }}
            />
          )}
        </Setting>
        <Setting
          name="Time zone"
          hint="In which times are shown; they are stored in UTC. Default: UTC"
        >
          {() => (
            <Segments
              label="Time zone"
              value={preferences.clock}
              choices={[
                { value: "utc", label: "UTC" },
                { value: "mine", label: "Local" },
              ]}
              onChange={(clock) => {
                change({ clock });
              }}
            />
          )}
        </Setting>
        <Setting
          name="Your zone"
          hint={`What local means on every machine that you sign in from. This browser: ${zones.here}`}
        >
          {(ids) => (
            <Select
              aria-labelledby={ids.name}
              aria-describedby={ids.hint}
              value={preferences.ownZone}
              onChange={(_, data) => {
                change({ ownZone: data.value as NamedZone | "", clock: "mine" });
              }}
            >
              <option value="">That of the browser</option>
              {zones.all.map((zone) => (
                <option key={zone} value={zone}>
                  {zone}
                </option>
              ))}
            </Select>
          )}
        </Setting>
        <Setting
          name="Single-key shortcuts"
          hint="Keys such as o and 1 act while a list has the focus. Default: on"
        >
          {(ids) => (
            <Switch
              aria-labelledby={ids.name}
              aria-describedby={ids.hint}
              checked={preferences.singleKeys}
              onChange={(_, data) => {
                change({ singleKeys: data.checked });
              }}
            />
          )}
        </Setting>
        <p className={`${css.setting} ${css.small}`} role="status">
          {kept.isSent
            ? "These follow you to every machine that you sign in from."
            : "The server does not know the last change yet. It is kept in this browser until it does."}
        </p>
      </section>
    </>
  );
}
