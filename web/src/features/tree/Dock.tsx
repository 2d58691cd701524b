// The pane under the tree: what is known of the selected process, and what it did.
import { Button } from "@fluentui/react-components";
import {
  ChevronDownRegular,
  CubeTreeRegular,
  DocumentRegular,
  GlobeRegular,
  TextBulletListTreeRegular,
  TimelineRegular,
} from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { z } from "zod";
import { query } from "@/api/call";
import type { Event, ProcessNode } from "@/api/gen/api";
import { Instant } from "@/components/Instant";
import { TechniqueBadge } from "@/components/TechniqueBadge";
import { Value } from "@/components/Value";
import { durationText, timeOfMs } from "@/lib/time";
import { useKept } from "@/lib/kept";
import { nameOf } from "./columns";
import { DockActs } from "./DockActs";
import { HeightHandle, leastHeight, mostHeight } from "./HeightHandle";
import type { Life } from "./lives";
import { timelineLink, treeLink } from "./state";
import css from "./tree.module.css";

const usualHeight = 196;
const heights = z.number().int().min(leastHeight).max(mostHeight);

export interface DockProps {
  deviceId: string;
  node: ProcessNode;
  parent: ProcessNode | null;
  /** Children that are known */
  childCount: number;
  /** Another process that had the same id */
  twin: ProcessNode | null;
  life: Life;
  isAsked: boolean;
  onSelect: (key: string) => void;
  onClose: () => void;
}

function field(event: Event | undefined, name: string): string {
  for (const table of event?.tables ?? []) {
    const value = table.fields.find((each) => each.name === name)?.value;
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return "";
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {facts.flatMap(([name, value]) =>
        value === null ? [] : [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}>{value}</dd>],
      )}
    </dl>
  );
}

const mono = (text: string) =>
  text === "" ? null : <Value text={text} kind="mono" cut="end" menu />;
const plain = (text: string) => (text === "" ? null : <Value text={text} cut="end" menu />);

/** `running for …` cannot be said: no log says that a process still runs. */
function lived(life: Life): string {
  if (life.start === null || life.end === null) {
    return life.ending === "exit" ? "its end is recorded" : "its end is not recorded";
  }
  const length = durationText(Math.max(0, life.end - life.start) * 10_000);
  return life.ending === "exit" ? `ran ${length}` : `seen for ${length}, its end is not recorded`;
}

/** `TokenElevationTypeFull` as a word. */
function elevationText(kind: string): string {
  return kind === "TokenElevationTypeFull"
    ? "elevated"
    : kind === "TokenElevationTypeLimited"
      ? "not elevated"
      : kind === "TokenElevationTypeDefault"
        ? ""
        : kind;
}

export function Dock(props: DockProps) {
  const { deviceId, node, parent, twin, life } = props;
  const navigate = useNavigate();
  const [height, keepHeight] = useKept("tree.dock", heights, usualHeight);
  const key = node.ProcessKey;
  const path = { device_id: deviceId };
  const start = useQuery({
    ...query("getTimeline", {
      path,
      query: { q: `ProcessKey:${key} ActionType:ProcessCreated`, limit: 1, start: "oldest" },
    }),
    enabled: !node.is_inferred,
    staleTime: 300_000,
  });
  const row = start.data?.items[0];
  const event = useQuery({
    ...query("getEvent", {
      path: { ...path, event_id: row?.EventId ?? "0" },
      query: row ? { time: row.Timestamp } : {},
    }),
    enabled: row !== undefined,
    staleTime: 300_000,
  });
  const place = row ? `${row.Timestamp}~${row.EventId}` : undefined;
  const rights = [node.integrity, elevationText(node.elevation)].filter((part) => part !== "");
  const id = node.ProcessId === null ? "" : String(node.ProcessId);
  return (
    <aside className={css.dock} aria-label="The selected process" style={{ height }}>
      <HeightHandle height={height} onHeight={keepHeight} />
      <div className={css.dockHead}>
        <h2 className={css.dockTitle}>
          <Value text={nameOf(node)} kind="name" cut="end" />
        </h2>
        <span className={css.said}>
          {[
            id,
            lived(life),
            props.childCount === 0
              ? ""
              : `${String(props.childCount)} ${props.childCount === 1 ? "child" : "children"}`,
          ]
            .filter((part) => part !== "")
            .join(", ")}
        </span>
        {life.techniques.map((technique) => (
          <TechniqueBadge key={technique} id={technique} />
        ))}
        <span className={css.facing}>
          {!props.isAsked && (
            <Button
              size="small"
              icon={<TextBulletListTreeRegular />}
              onClick={() => void navigate(treeLink(deviceId, key))}
            >
              Begin the tree here
            </Button>
          )}
          <Button
            size="small"
            icon={<TimelineRegular />}
            onClick={() => void navigate(timelineLink(deviceId, `trail:${key}`, place))}
          >
            Timeline with this trail
          </Button>
          <Button
            size="small"
            appearance="subtle"
            icon={<ChevronDownRegular />}
            aria-label="Close the panel"
            onClick={props.onClose}
          />
        </span>
      </div>
      <div className={css.columns}>
        <section className={css.column} tabIndex={0} aria-label="Process">
          <h3>Process</h3>
          <Facts
            facts={[
              [
                "Start",
                <Instant key="start" time={node.ProcessCreationTime} dateToo precision="full" />,
              ],
              [
                "Inferred",
                node.is_inferred ? (
                  <span className={css.reason}>
                    {`Process id ${id} was named by its child, its own start is not recorded.`}
                  </span>
                ) : null,
              ],
              [
                "End",
                life.ending === "exit" && life.end !== null ? (
                  <Instant time={timeOfMs(life.end)} dateToo />
                ) : life.end !== null ? (
                  <span>
                    not recorded; last act <Instant time={timeOfMs(life.end)} dateToo />
                  </span>
                ) : (
                  "not recorded"
                ),
              ],
              ["Command", mono(node.ProcessCommandLine)],
              [
                "Parent",
                parent === null ? (
                  "not recorded"
                ) : (
                  <span>
                    <Link
                      className={css.link}
                      to={treeLink(deviceId, parent.ProcessKey)}
                      onClick={(click) => {
                        if (click.ctrlKey || click.metaKey || click.shiftKey) return;
                        click.preventDefault();
                        props.onSelect(parent.ProcessKey);
                      }}
                    >
                      <Value text={nameOf(parent)} />
                    </Link>{" "}
                    {parent.ProcessId}
                  </span>
                ),
              ],
              ["Account", plain(node.Account)],
              ["Rights", rights.length === 0 ? null : <Value text={rights.join(", ")} cut="end" />],
              ["Folder", plain(field(event.data, "FolderPath"))],
              ["Company", plain(field(event.data, "ProcessVersionInfoCompanyName"))],
              ["SHA-256", mono(field(event.data, "SHA256"))],
              ["SHA-1", mono(field(event.data, "SHA1"))],
              [
                "Same id",
                twin === null ? null : (
                  <span>
                    <Value text={nameOf(twin)} />
                    {" had this process id too, from "}
                    <Instant time={twin.ProcessCreationTime} dateToo />
                  </span>
                ),
              ],
            ]}
          />
        </section>
        <DockActs
          deviceId={deviceId}
          process={key}
          title="Network"
          icon={<GlobeRegular aria-hidden />}
          groups={["network", "dns", "firewall"]}
        />
        <DockActs
          deviceId={deviceId}
          process={key}
          title="Files, modules"
          icon={<DocumentRegular aria-hidden />}
          groups={["file", "image", "driver"]}
        />
        <DockActs
          deviceId={deviceId}
          process={key}
          title="Registry, memory"
          icon={<CubeTreeRegular aria-hidden />}
          groups={["registry", "process"]}
          filter="-ActionType:ProcessCreated,ProcessTerminated"
        />
      </div>
    </aside>
  );
}
