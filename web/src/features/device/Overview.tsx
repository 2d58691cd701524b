// The cards of a device: what is known, what it rests on, and what is not known.
import { Link } from "react-router";
import { useQuery } from "@tanstack/react-query";
import { PersonRegular } from "@fluentui/react-icons";
import { query } from "@/api/call";
import type { DeviceOverview } from "@/api/gen/api";
import { Level } from "@/components/DeviceMarks";
import { ErrorState, StateBlock } from "@/components/StateBlock";
import { Instant } from "@/components/Instant";
import { Tag } from "@/components/Tag";
import { Value } from "@/components/Value";
import { ActivityCard } from "./ActivityCard";
import { AllUsers } from "./AllUsers";
import { Card, Unknown } from "./Card";
import { CoverageCard } from "./CoverageCard";
import { DetailsPane } from "./DetailsPane";
import css from "./device.module.css";
import { HealthCard } from "./HealthCard";
import { NetworkCard } from "./NetworkCard";

function AlertsCard({ overview }: { overview: DeviceOverview }) {
  return (
    <Card title="Active alerts" note="180 days" columns={4}>
      {overview.alerts === null ? (
        <>
          <p className={css.big}>Not known</p>
          <Unknown>{overview.risk.reason}</Unknown>
        </>
      ) : (
        <p className={css.big}>{overview.alerts}</p>
      )}
    </Card>
  );
}

function StoryCard({ overview }: { overview: DeviceOverview }) {
  const { device, techniques, technique_count: count } = overview;
  const timeline = `/devices/${device.device_id}/timeline`;
  return (
    <Card
      title="Story so far"
      note="techniques, newest first"
      columns={5}
      link={count > 0 && <Link to={`${timeline}?v=1&q=has:technique`}>All {count}</Link>}
    >
      {techniques.length === 0 && <Unknown>No techniques recognised.</Unknown>}
      <ul className={css.lines}>
        {techniques.map((technique) => (
          <li key={`${technique.event_id} ${technique.id}`}>
            <span className="mono">
              <Instant time={technique.time} dateToo />
            </span>
            <Link
              className={css.technique}
              to={`${timeline}?v=1&at=${technique.time}~${technique.event_id}&sel=${technique.event_id}`}
            >
              <Value
                text={technique.name === "" ? technique.id : technique.name}
                kind="name"
                cut="end"
              />
            </Link>
            <span className={css.end}>
              <Tag tone="technique">{technique.id}</Tag>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function UsersCard({ overview }: { overview: DeviceOverview }) {
  const { logons, users, device } = overview;
  const named = [
    ...(logons.most_frequent === "" ? [] : [{ account: logons.most_frequent, word: "most often" }]),
    ...(logons.least_frequent === ""
      ? []
      : [{ account: logons.least_frequent, word: "least often" }]),
  ];
  const countOf = (account: string) =>
    users.find(({ domain, name }) => `${domain}\\${name}` === account || name === account)
      ?.interactive;
  const others = logons.other_accounts;
  return (
    <Card
      title="Logged-on users"
      note="30 days"
      columns={3}
      link={<AllUsers deviceId={device.device_id} />}
    >
      <p className={css.count}>
        <b className={css.big}>{logons.interactive_accounts}</b> by interactive logon
      </p>
      <ul className={css.lines}>
        {named.map(({ account, word }) => (
          <li key={word}>
            <PersonRegular fontSize={16} aria-hidden />
            <Value text={account} kind="name" cut="middle" />
            <span className={css.end}>
              {word}
              {countOf(account) !== undefined && `, ${String(countOf(account))}`}
            </span>
          </li>
        ))}
      </ul>
      <Unknown>
        {logons.interactive_accounts === 0 && "No interactive logons. "}
        {others > 0 &&
          `${String(others)} ${others === 1 ? "account" : "accounts"} logged on over the network or as a service.`}
      </Unknown>
    </Card>
  );
}

function AssessmentCard({ overview }: { overview: DeviceOverview }) {
  return (
    <Card title="Security assessment" columns={4}>
      <p>
        <Level level={overview.exposure.level} unknown="Exposure is not known" />
      </p>
      <Unknown>{overview.exposure.reason}</Unknown>
    </Card>
  );
}

function ActionsCard({ overview }: { overview: DeviceOverview }) {
  return (
    <Card title="Actions" note="last three" columns={6}>
      {overview.actions.length === 0 && <Unknown>No action was taken on this device.</Unknown>}
      <ul className={css.lines}>
        {overview.actions.slice(0, 3).map((action) => (
          <li key={action}>
            <Value text={action} cut="end" />
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Overview({ deviceId }: { deviceId: string }) {
  const { data, error, isPending, refetch } = useQuery(
    query("getDeviceOverview", { path: { device_id: deviceId } }),
  );
  if (isPending) return <StateBlock kind="loading" title="Reading the device." />;
  if (!data) {
    return (
      <ErrorState what="The device could not be read" error={error} retry={() => void refetch()} />
    );
  }
  return (
    <div className={css.overview}>
      <DetailsPane overview={data} />
      <div className={css.cards}>
        <AlertsCard overview={data} />
        <StoryCard overview={data} />
        <UsersCard overview={data} />
        <HealthCard health={data.health} />
        <AssessmentCard overview={data} />
        <CoverageCard deviceId={deviceId} />
        <NetworkCard device={data.device} />
        <ActionsCard overview={data} />
        <ActivityCard deviceId={deviceId} />
      </div>
    </div>
  );
}
