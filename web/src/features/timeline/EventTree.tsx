// The processes around an event: what is above its process and one generation below.
import { makeStyles, mergeClasses } from "@fluentui/react-components";
import { WindowPlayRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { ApiError, query } from "@/api/call";
import type { ProcessNode, ProcessTree } from "@/api/gen/api";
import { role } from "@/app/theme";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Value } from "@/components/Value";
import { argumentsOf } from "@/lib/sentence";

const useStyles = makeStyles({
  node: {
    display: "flex",
    alignItems: "center",
    gap: "6px",
    minHeight: "26px",
    fontSize: "13px",
    whiteSpace: "nowrap",
    borderRadius: "3px",
    overflow: "hidden",
  },
  on: { background: role("selected"), "& bdi": { fontWeight: 600 } },
  icon: { color: role("text3"), flexShrink: 0 },
  small: { color: role("text3"), fontSize: "12px", flexShrink: 0 },
  inferred: { opacity: 0.8, fontStyle: "italic" },
  rest: { minWidth: 0, flex: 1, overflow: "hidden" },
  link: { fontSize: "12px" },
});

interface Drawn {
  node: ProcessNode;
  level: number;
}

/** Nodes as an outline: levels counted from the topmost. */
export function outline(tree: ProcessTree): Drawn[] {
  const levels = new Map<string, number>();
  return tree.items.map((node) => {
    const level = (levels.get(node.ParentKey) ?? -1) + 1;
    levels.set(node.ProcessKey, level);
    return { node, level };
  });
}

export function EventTree({
  deviceId,
  process,
  most,
}: {
  deviceId: string;
  process: string;
  /** Children shown */
  most?: number;
}) {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery({
    ...query("getProcesses", {
      path: { device_id: deviceId },
      query: { process, depth: 1, most: 200, siblings: true },
    }),
    retry: false,
  });
  if (isPending) return <StateBlock kind="loading" title="Reading the processes." />;
  if (error instanceof ApiError && error.status === 404) {
    return <p className={styles.small}>The start of this process is not recorded.</p>;
  }
  if (error) {
    return (
      <ErrorState
        what="The processes could not be read"
        error={error}
        retry={() => void refetch()}
      />
    );
  }
  const nodes = outline(data);
  const at = nodes.findIndex(({ node }) => node.ProcessKey === process);
  const own = nodes[at]?.level ?? 0;
  const kept = nodes.filter(
    ({ level }, index) => level <= own || most === undefined || index <= at + most,
  );
  const left = nodes.length - kept.length;
  return (
    <>
      <ul aria-label="Processes around this event">
        {kept.map(({ node, level }) => (
          <li
            key={node.ProcessKey}
            className={mergeClasses(styles.node, node.ProcessKey === process && styles.on)}
            style={{ paddingLeft: `${String(level * 16)}px` }}
            {...(node.ProcessKey === process ? { "aria-current": "true" } : {})}
          >
            <WindowPlayRegular fontSize={16} className={styles.icon} aria-hidden />
            <span className={node.is_inferred ? styles.inferred : undefined}>
              <Value text={node.FileName === "" ? "not recorded" : node.FileName} />
            </span>
            {node.ProcessId !== null && <span className={styles.small}>{node.ProcessId}</span>}
            {node.ProcessKey === process && <span className={styles.small}>this event</span>}
            {node.is_inferred && <span className={styles.small}>its start is not recorded</span>}
            <span className={styles.rest}>
              {node.ProcessKey !== process && (
                <Value
                  text={argumentsOf(node.ProcessCommandLine, node.FileName).slice(0, 300)}
                  kind="mono"
                  cut="end"
                />
              )}
            </span>
          </li>
        ))}
      </ul>
      {left > 0 && <p className={styles.small}>{`${String(left)} more children`}</p>}
      {data.folds.map((fold) => (
        <p key={`${fold.ParentKey}-${fold.FileName}`} className={styles.small}>
          {`${String(fold.count)} more of `}
          <Value text={fold.FileName} />
          {fold.is_sibling ? " beside it" : ""}
        </p>
      ))}
      <Link className={styles.link} to={`/devices/${deviceId}/tree?v=1&proc=${process}`}>
        Full page
      </Link>
    </>
  );
}
