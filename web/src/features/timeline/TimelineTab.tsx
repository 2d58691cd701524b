export function TimelineTab({ deviceId }: { deviceId: string }) {
  return <p>{deviceId}</p>;
}
