/**
 * Rows as text, CSV, NDJSON and in strace's format. Renderers are pure: a row in, a line out.
 *
 * @module
 */
export { ByteText } from "./byte_text.ts";
export type { CallWriter } from "./call_writer.ts";
export { createRowClock } from "./clock.ts";
export { ROW_COLUMN_NAMES, ROW_COLUMNS, rowColumn } from "./columns.ts";
export { createCsvRenderer } from "./csv.ts";
export type { CsvOptions } from "./csv.ts";
export { hasColumns, hasWorker, ROW_FORMAT_NAMES, rowFormat } from "./format.ts";
export type { RowFormat, RowFormatName, RowFormatOptions } from "./format.ts";
export { createNdjsonRenderer, renderRowsEnd, renderRowsHeader } from "./ndjson.ts";
export { createStraceRenderer } from "./strace.ts";
export { createTextRenderer } from "./text.ts";
