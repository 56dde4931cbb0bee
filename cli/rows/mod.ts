/**
 * Rows as text and as NDJSON. Renderers are pure: a row in, a line out.
 *
 * @module
 */
export { createRowClock } from "./clock.ts";
export type { RowClock } from "./clock.ts";
export { ROW_COLUMNS, rowColumn } from "./columns.ts";
export type { FieldValue, RowColumn } from "./columns.ts";
export { createNdjsonRenderer, renderRowsEnd, renderRowsHeader } from "./ndjson.ts";
export type { RowsHeader } from "./ndjson.ts";
export { createTextRenderer } from "./text.ts";
export type { RowTextOptions, RowTextRenderer } from "./text.ts";
