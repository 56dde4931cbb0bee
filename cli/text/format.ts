/** Numbers as text; the page of a flamegraph has the same rules, which is why they are plain JavaScript. */
export { formatBytes, formatCount, formatDuration, formatShare } from "./numbers.js";

/** How numbers are written. */
export interface FormatOptions {
  /** Only ASCII: `us` in place of `µs`. */
  ascii?: boolean;
}
