/**
 * Traces and recordings for programs of others.
 *
 * @module
 */
export { readRows } from "./read_rows.ts";
export { startTrace, Trace } from "./start_trace.ts";
export type { TraceOptions } from "./start_trace.ts";
