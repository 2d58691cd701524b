import { Button, Radio, RadioGroup, Switch } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";
import { usePreferences, type Density, type ThemeChoice, type Zone } from "@/app/preferences";
import { useSession } from "@/app/session";
import { NewPasswordForm } from "@/components/NewPasswordForm";
import { useUndoToast } from "@/components/UndoToast";
import { Value } from "@/components/Value";
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

/** A choice among a few words. */
function Choice<T extends string>({
  ids,
  value,
  choices,
  onChange,
}: {
  ids: { name: string; hint: string };
  value: T;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  return (
    <RadioGroup
      layout="horizontal"
      aria-labelledby={ids.name}
      aria-describedby={ids.hint}
      value={value}
      onChange={(_, data) => {
        const chosen = choices.find(([word]) => word === data.value);
        if (chosen) onChange(chosen[0]);
      }}
    >
      {choices.map(([word, label]) => (
        <Radio key={word} value={word} label={label} />
      ))}
    </RadioGroup>
  );
}

export function MeSection() {
  const { me, signedIn } = useSession();
  const say = useUndoToast();
  const { preferences, change } = usePreferences();
  const [asks, setAsks] = useState(false);
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
          {(ids) => (
            <Choice<ThemeChoice>
              ids={ids}
              value={preferences.theme}
              choices={[
                ["system", "System"],
                ["light", "Light"],
                ["dark", "Dark"],
              ]}
              onChange={(theme) => {
                change({ theme });
              }}
            />
          )}
        </Setting>
        <Setting name="Density" hint="Height of rows: 24, 26 or 32 pixels. Default: compact">
          {(ids) => (
            <Choice<Density>
              ids={ids}
              value={preferences.density}
              choices={[
                ["dense", "Dense"],
                ["compact", "Compact"],
                ["comfortable", "Comfortable"],
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
          {(ids) => (
            <Choice<Zone>
              ids={ids}
              value={preferences.zone}
              choices={[
                ["utc", "UTC"],
                ["local", "Local"],
              ]}
              onChange={(zone) => {
                change({ zone });
              }}
            />
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
        <p className={`${css.setting} ${css.small}`}>These are kept in this browser.</p>
      </section>
    </>
  );
}
