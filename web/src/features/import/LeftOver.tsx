import { Button, makeStyles } from "@fluentui/react-components";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, query } from "@/api/call";
import type { Upload } from "@/api/gen/api";
import { role } from "@/app/theme";
import { Value } from "@/components/Value";
import { bytesText, counted } from "@/lib/amounts";
import { isActive } from "./batch";
import { useUploads } from "./uploads";
import { isEnded } from "./words";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "12px",
    padding: "8px 16px",
    background: role("surface"),
    borderBottom: `1px solid ${role("stroke")}`,
    borderLeft: `3px solid ${role("severityInformationalMark")}`,
  },
  text: { flex: 1, minWidth: 0, color: role("text2") },
});

/** Uploads of an earlier visit that no import took: how to go on with them, or how to give them up. */
export function LeftOver() {
  const styles = useStyles();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const sending = useUploads().some(isActive);
  const { data } = useQuery({
    ...query("listUploads", { query: { limit: 1000 } }),
    enabled: !sending,
  });
  const { data: imports } = useQuery(query("listImports", { query: { limit: 100 } }));
  // Complete ones may belong to an import that waits.
  const idle = imports?.items.every(({ progress }) => isEnded(progress.state)) === true;
  const left: readonly Upload[] = sending
    ? []
    : (data?.items ?? []).filter((upload) => idle || !upload.is_complete);
  const [first] = left;
  if (!first) return null;
  const received = left.reduce((sum, upload) => sum + upload.received, 0);
  const size = left.reduce((sum, upload) => sum + upload.size, 0);

  async function giveUp() {
    setBusy(true);
    // One that an import holds is refused, and stays.
    await Promise.allSettled(
      left.map(({ id }) => call("deleteUpload", { path: { upload_id: id } })),
    );
    await client.invalidateQueries({ queryKey: ["listUploads"] });
    setBusy(false);
  }

  return (
    <section className={styles.bar} aria-label="Uploads that were not finished">
      <p className={styles.text}>
        {counted(left.length, "file")} of an earlier upload: {bytesText(received)} of{" "}
        {bytesText(size)} are here (<Value text={first.name} kind="plain" />
        {left.length > 1 ? ", …" : ""}). Drop the same files to go on; without that they go after a
        day.
      </p>
      <Button size="small" disabled={busy} onClick={() => void giveUp()}>
        Remove what is here
      </Button>
    </section>
  );
}
