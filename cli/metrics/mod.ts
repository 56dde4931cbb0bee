/**
 * Metrics of a trace, and their formats. Pure: sums in, text out.
 *
 * @module
 */
export { formatFor } from "./negotiate.ts";
export type { ExpositionFormat } from "./exposition.ts";
export { MAX_COMMANDS, type Observed, traceMetrics } from "./trace_metrics.ts";
export { otlpRequest } from "./otlp.ts";
export { LATENCY_ENDS } from "./latency_buckets.ts";
export type { Metric } from "./metric.ts";
