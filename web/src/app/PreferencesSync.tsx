// Brings a person's settings from the server and sends there what was changed here. Of two changes the newest wins:
// the server compares when they were made, and answers what holds.
import { useEffect, useRef } from "react";
import { call } from "@/api/call";
import type { MySettings } from "@/api/gen/api";
import { usePreferences } from "./preferences";
import { useSession } from "./session";

/** Milliseconds that a change waits for others before it is sent */
const pause = 400;

const later = (a: MySettings, b: MySettings) => (a.changed ?? "") > (b.changed ?? "");

export function PreferencesSync() {
  const { me } = useSession();
  const { kept, keep } = usePreferences();
  const owner = me && !me.must_change_password && me.kind === "user" ? me.id : "";
  const latest = useRef({ kept, keep });
  useEffect(() => {
    latest.current = { kept, keep };
  });

  useEffect(() => {
    if (owner === "") return;
    const abort = new AbortController();
    call("getMySettings", {}, abort.signal).then(
      (settings) => {
        const { kept: here, keep: take } = latest.current;
        // What was chosen before anybody signed in, or while the server was away, is this person's as well.
        const isOurs = here.owner === owner || here.owner === "";
        if (isOurs && !here.isSent && later(here.settings, settings)) take({ ...here, owner });
        else take({ owner, settings, isSent: true });
      },
      () => undefined, // The copy of this browser serves until the next sign-in.
    );
    return () => {
      abort.abort();
    };
  }, [owner]);

  useEffect(() => {
    if (owner === "" || kept.owner !== owner || kept.isSent) return;
    const { settings } = kept;
    const send = () => {
      call("setMySettings", { body: settings }).then(
        (holds) => {
          // Whatever was changed meanwhile is sent by itself.
          if (latest.current.kept.settings !== settings) return;
          latest.current.keep({ owner, settings: holds, isSent: true });
        },
        () => undefined, // It stays unsent, and goes when the browser is connected again.
      );
    };
    const timer = setTimeout(send, pause);
    window.addEventListener("online", send);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", send);
    };
  }, [owner, kept]);
  return null;
}
