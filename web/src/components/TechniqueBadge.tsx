import { makeStyles } from "@fluentui/react-components";
import { role } from "@/app/theme";

const useStyles = makeStyles({
  badge: {
    padding: "0 6px",
    borderRadius: "4px",
    background: role("techniqueSoft"),
    color: role("technique"),
    fontSize: "12px",
    lineHeight: "18px",
    whiteSpace: "nowrap",
  },
});

/** Id of an ATT&CK technique; anything of another shape is shown as not known. */
export function TechniqueBadge({ id }: { id: string }) {
  const styles = useStyles();
  return (
    <span className={styles.badge} title={`Technique ${isTechnique(id) ? id : ""}`}>
      {isTechnique(id) ? id : "technique not known"}
    </span>
  );
}

export function isTechnique(id: string): boolean {
  return /^TA?\d{4}(\.\d{3})?$/.test(id);
}
