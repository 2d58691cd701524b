// What must be known of the view before its rows are read: the link, the range, what could not be read.
import { Button, makeStyles, mergeClasses } from "@fluentui/react-components";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";
import { countText } from "@/lib/amounts";
import { dateText, msOf, rangeText } from "@/lib/time";
import type { TimelineView } from "./view";

const useStyles = makeStyles({
  notice: {
    padding: "3px 16px",
    fontSize: "12px",
    lineHeight: "18px",
    color: role("text2"),
    background: role("surface"),
  },
  bad: { color: role("severityHigh"), background: role("severityHighSoft") },
});

const dayLength = 86_400_000;
/** Programs that pass links on cut them from about here on */
export const longLink = 2000;

export function Notices({ view }: { view: TimelineView }) {
  const styles = useStyles();
  const { zone } = usePreferences().preferences;
  const { unread, range, evidence, pages, rows, linkLength } = view;
  const newest = evidence?.newest ?? null;
  const stale = newest !== null && Date.now() - msOf(newest) > dayLength;
  return (
    <>
      {unread.length > 0 && range && (
        <p className={mergeClasses(styles.notice, styles.bad)} role="status">
          {`Part of this link could not be read: ${unread.join(", ")}. Showing ${rangeText(range.from, range.to, zone)}.`}
        </p>
      )}
      {linkLength > longLink && (
        <p className={styles.notice} role="status">
          {`This link has ${countText(linkLength)} characters; some programs cut links after ${countText(longLink)}. To share the filter, keep the view under a name.`}
        </p>
      )}
      {range !== null && range.last !== null && stale && (
        <p className={styles.notice}>
          {`Newest events are of ${dateText(newest, zone)}. Showing ${rangeText(range.whole.from, range.whole.to, zone)}.`}
        </p>
      )}
      {pages.error !== null && rows.length > 0 && (
        <p className={mergeClasses(styles.notice, styles.bad)} role="alert">
          {`More rows could not be read: ${pages.error.message} Rows shown are kept. `}
          <Button size="small" onClick={() => void pages.refetch()}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}
