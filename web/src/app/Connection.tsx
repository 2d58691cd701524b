import { makeStyles } from "@fluentui/react-components";
import { PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, onReached } from "@/api/call";
import { Instant } from "@/components/Instant";
import { timeOfMs } from "@/lib/time";
import { role } from "./theme";

const secondsBetweenTries = 5;

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "6px 16px",
    background: role("severityMediumSoft"),
    color: role("text1"),
    borderBottom: `1px solid ${role("stroke")}`,
  },
});

/** Says that the server is away, knocks until it is back, and then reads anew what is shown. */
export function Connection() {
  const styles = useStyles();
  const client = useQueryClient();
  const [awaySince, setAwaySince] = useState<string | null>(null);

  useEffect(
    () =>
      onReached((isReached) => {
        setAwaySince((before) => (isReached ? null : (before ?? timeOfMs(Date.now()))));
      }),
    [],
  );

  const isAway = awaySince !== null;
  useEffect(() => {
    if (!isAway) return;
    const knock = () => {
      call("getHealth", {}).then(
        () => void client.invalidateQueries({ refetchType: "active" }),
        () => undefined,
      );
    };
    const timer = setInterval(knock, secondsBetweenTries * 1000);
    window.addEventListener("online", knock);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", knock);
    };
  }, [isAway, client]);

  return (
    <div role="status">
      {isAway && (
        <p className={styles.bar}>
          <PlugDisconnectedRegular fontSize={16} aria-hidden />
          <span>
            The server has not answered since <Instant time={awaySince} />. What is shown stays.
            Trying again every {secondsBetweenTries} s.
          </span>
        </p>
      )}
    </div>
  );
}
