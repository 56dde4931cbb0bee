/** Name of each metric, and the format of its values. */
import type { TrieMetric } from "../../runtime/flame.ts";
import { formatBytes, formatCount, formatDuration, type FormatOptions } from "../text/format.ts";

/** Words and numbers of a metric. */
export interface MetricWords {
  /** Meaning of a frame's width, for a title. */
  title: string;
  /** The whole that shares refer to, as in `12.3% of the calls`. */
  whole: string;
  /** Heading of a column of values. */
  heading: string;
  /** A value with three digits and a unit. */
  format(value: number, options?: FormatOptions): string;
  /** An exact value with its unit. */
  exact(value: number): string;
}

/** The words of every metric. */
export const METRIC_WORDS: Readonly<Record<TrieMetric, MetricWords>> = {
  count: {
    title: "calls",
    whole: "the calls",
    heading: "CALLS",
    format: (value) => formatCount(value),
    exact: (value) => `${formatCount(value)} ${value === 1 ? "call" : "calls"}`,
  },
  duration: {
    title: "time in calls",
    whole: "the time in calls",
    heading: "TIME",
    format: formatDuration,
    exact: (value) => `${formatCount(value)} ns`,
  },
  gap: {
    title: "time before calls",
    whole: "the time before calls",
    heading: "GAP",
    format: formatDuration,
    exact: (value) => `${formatCount(value)} ns`,
  },
  bytes: {
    title: "bytes",
    whole: "the bytes",
    heading: "BYTES",
    format: (value) => formatBytes(value),
    exact: (value) => `${formatCount(value)} ${value === 1 ? "byte" : "bytes"}`,
  },
};
