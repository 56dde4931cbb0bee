/** The columns of a recording, in their order. New ones come at the end; readers find them by name. */
import { ROW_FIELDS, type RowFieldName } from "../../runtime/row_fields.ts";
import type { ColumnSpec } from "../parquet/format.ts";

/** Name of a column. */
export type ColumnName = RowFieldName | "process_start_ns";

/** Every field of a row, and the start of the process, which distinguishes it from an earlier one with the same number. */
export const RECORDING_COLUMNS: readonly (ColumnSpec & { readonly name: ColumnName })[] = [
  ...ROW_FIELDS,
  { name: "process_start_ns", type: "int64" },
];
