import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from "@fluentui/react-components";
import { usePreferences } from "@/app/preferences";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  columns: { columnCount: 2, columnGap: "28px", fontSize: "13px" },
  line: {
    display: "flex",
    gap: "10px",
    padding: "3px 0",
    breakInside: "avoid",
    "& dt": { minWidth: "112px" },
    "& dd": { color: role("text2") },
  },
  key: {
    display: "inline-block",
    padding: "0 6px",
    marginRight: "4px",
    border: `1px solid ${role("strokeStrong")}`,
    borderRadius: "3px",
    fontFamily: "var(--fontMono)",
    fontSize: "12px",
  },
  note: { marginTop: "12px", fontSize: "12px", color: role("text2") },
});

export const keyList: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["↑", "↓"], "row above, below"],
  [["←", "→"], "cell before, after"],
  [["PgUp", "PgDn"], "a screen up, down"],
  [["Home", "End"], "first, last row loaded"],
  [["Enter"], "panel of the event"],
  [["Esc"], "back out one level"],
  [["/"], "filter"],
  [["g"], "jump to an instant"],
  [["[", "]"], "previous, next alert"],
  [["{", "}"], "previous, next technique"],
  [[";", "'"], "previous, next flag"],
  [["f"], "flag, or take the flag away"],
  [["1", "2", "3", "4"], "flag red, yellow, green, blue"],
  [["0"], "no flag"],
  [["Shift F"], "note"],
  [["t"], "only this trail"],
  [["e"], "exclude rows like this"],
  [["i"], "only rows like this"],
  [["p"], "process tree"],
  [["c"], "copy the cell"],
  [["Shift C"], "copy the row"],
  [["Ctrl C"], "copy what is selected as a table"],
  [["="], "compare with the row before"],
  [["."], "what to do with this value"],
  [["s"], "turn the order round"],
  [["Space"], "select"],
  [["Ctrl A"], "select all rows loaded"],
  [["Shift H"], "hide or show the overview"],
  [["?"], "this list"],
];

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const { singleKeys } = usePreferences().preferences;
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (!data.open) onClose();
      }}
    >
      <DialogSurface style={{ maxWidth: "720px" }}>
        <DialogBody>
          <DialogTitle>Keys of the timeline</DialogTitle>
          <DialogContent>
            <dl className={styles.columns}>
              {keyList.map(([keys, what]) => (
                <div key={what} className={styles.line}>
                  <dt>
                    {keys.map((each) => (
                      <kbd key={each} className={styles.key}>
                        {each}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
            <p className={styles.note}>
              {singleKeys
                ? "Keys work while the rows have the focus. Single keys can be turned off in Settings."
                : "Single keys are turned off in Settings."}
            </p>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
