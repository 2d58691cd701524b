export { DataGrid } from "./DataGrid";
export { TreeGrid } from "./TreeGrid";
export { defaultLayout, formatLayout, parseLayout } from "./layout";
export type * from "./types";
