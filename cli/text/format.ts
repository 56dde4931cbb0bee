/** Numbers as text, in plain JavaScript, because the page of a flamegraph uses the same code. */
export { formatBytes, formatCount, formatDuration, formatShare } from "./numbers.js";

/** How numbers are written. */
export interface FormatOptions {
  /** Only ASCII: `us` instead of `µs`. */
  ascii?: boolean;
}
