export { DataGrid } from "./DataGrid";
export { ColumnsDialog } from "./ColumnsDialog";
export { TreeGrid } from "./TreeGrid";
export { defaultLayout, formatLayout, layoutOf, parseLayout, shownColumns } from "./layout";
export type * from "./types";
