// Where a key moves the focus of a grid to (ARIA Authoring Practices, grid and treegrid).

export interface Focus {
  /** -1 is the header */
  row: number;
  column: number;
}

export interface Bounds {
  rows: number;
  columns: number;
  /** Lines on a screen */
  screen: number;
}

/** The focus after a key of movement; null for any other key. */
export function move(key: string, control: boolean, from: Focus, bounds: Bounds): Focus | null {
  const lastRow = bounds.rows - 1;
  const lastColumn = bounds.columns - 1;
  const row = (to: number) => ({ ...from, row: Math.max(-1, Math.min(lastRow, to)) });
  const column = (to: number) => ({ ...from, column: Math.max(0, Math.min(lastColumn, to)) });
  switch (key) {
    case "ArrowDown":
      return row(from.row + 1);
    case "ArrowUp":
      return row(from.row - 1);
    case "PageDown":
      return row(Math.max(0, from.row) + bounds.screen);
    case "PageUp":
      return row(Math.max(0, from.row - bounds.screen));
    case "Home":
      return control ? column(0) : row(0);
    case "End":
      return control ? column(lastColumn) : row(lastRow);
    case "ArrowRight":
      return column(from.column + 1);
    case "ArrowLeft":
      return column(from.column - 1);
    default:
      return null;
  }
}
