import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
} from "@fluentui/react-components";
import {
  ArrowDownRegular,
  ArrowUpRegular,
  ColumnEditRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { KeyboardEvent } from "react";
import { moved } from "./layout";
import type { Column, Layout } from "./types";

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column", maxHeight: "60vh", overflowY: "auto" },
  entry: { display: "flex", alignItems: "center", gap: "4px", minHeight: "32px" },
  grow: { flex: 1 },
});

function MoveButton({
  icon: Icon,
  label,
  disabled,
  onClick,
}: {
  icon: FluentIcon;
  label: string;
  disabled: boolean;
  onClick: () => void;
}) {
  return (
    <Button
      appearance="subtle"
      size="small"
      icon={<Icon />}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    />
  );
}

/** The button that chooses which columns a grid shows and in what order; what it does holds at once. */
export function ColumnsDialog<R>({
  columns,
  layout,
  standard,
  onLayout,
}: {
  columns: readonly Column<R>[];
  layout: Layout;
  /** What Reset columns goes back to */
  standard: Layout;
  onLayout: (layout: Layout) => void;
}) {
  const styles = useStyles();
  const fixed = new Set(columns.filter((column) => column.fixed).map(({ id }) => id));
  const shown = new Map(layout.map((place, index) => [place.id, index]));
  const known = new Map(columns.map((column) => [column.id, column]));
  const ordered = [
    ...layout.flatMap(({ id }) => known.get(id) ?? []),
    ...columns.filter(({ id }) => !shown.has(id)),
  ];
  const choosable = ordered.filter((column) => !column.fixed);

  function toggle(column: Column<R>, show: boolean) {
    onLayout(
      show
        ? [...layout, { id: column.id, width: column.width }]
        : layout.filter(({ id }) => id !== column.id),
    );
  }

  return (
    <Dialog>
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<ColumnEditRegular />}>Columns</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Columns</DialogTitle>
          <DialogContent>
            <ul className={styles.list}>
              {choosable.map((column) => {
                const at = shown.get(column.id);
                const last = at === layout.length - 1;
                const move = (by: number) => {
                  onLayout(moved(layout, column.id, by, fixed));
                };
                const key = (event: KeyboardEvent) => {
                  if (!event.altKey || at === undefined) return;
                  if (event.key === "ArrowUp") move(-1);
                  else if (event.key === "ArrowDown") move(1);
                  else return;
                  event.preventDefault();
                };
                return (
                  <li key={column.id} className={styles.entry} onKeyDown={key}>
                    <Checkbox
                      className={styles.grow}
                      label={column.header}
                      checked={at !== undefined}
                      disabled={at !== undefined && layout.length - fixed.size <= 1}
                      onChange={(_, data) => {
                        toggle(column, data.checked === true);
                      }}
                    />
                    <MoveButton
                      icon={ArrowUpRegular}
                      label={`Move ${column.header} to the left`}
                      disabled={at === undefined || at <= fixed.size}
                      onClick={() => {
                        move(-1);
                      }}
                    />
                    <MoveButton
                      icon={ArrowDownRegular}
                      label={`Move ${column.header} to the right`}
                      disabled={at === undefined || last}
                      onClick={() => {
                        move(1);
                      }}
                    />
                  </li>
                );
              })}
            </ul>
          </DialogContent>
          <DialogActions>
            <Button
              onClick={() => {
                onLayout(standard);
              }}
            >
              Reset columns
            </Button>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary">Close</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
