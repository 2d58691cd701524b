import type { Ref } from "react";
import { DataGrid } from "./DataGrid";
import type { GridHandle, GridProps } from "./types";

/** An outline on the rows of DataGrid: `items` are what is unfolded, in order; the first column carries the levels. */
export function TreeGrid<R>(
  props: GridProps<R> & Required<Pick<GridProps<R>, "tree">> & { ref?: Ref<GridHandle> },
) {
  return DataGrid(props);
}
