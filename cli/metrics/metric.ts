/** Metrics as data: what every format of them is made from. */

/** Names and values that tell the samples of a metric apart. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a metric. */
export interface Sample {
  labels: Labels;
  value: number;
}

/** One histogram of a metric. */
export interface HistogramSample {
  labels: Labels;
  /** Values in each bucket, of which there is one more than bounds: the last is of values above all bounds. */
  counts: readonly number[];
  /** Sum of all values. */
  sum: number;
}

interface Named {
  /** Name without the endings that formats add, such as `_total`; it ends in the unit. */
  name: string;
  /** One sentence, without a full stop. */
  help: string;
}

/** A metric with its samples. */
export type Metric =
  /** Only grows while the trace runs. */
  | Named & { kind: "counter"; unit: Unit | null; samples: readonly Sample[] }
  | Named & { kind: "gauge"; unit: Unit | null; samples: readonly Sample[] }
  /** Facts that are constant. */
  | Named & { kind: "info"; labels: Labels }
  /** `bounds` are the largest values of the buckets, rising, without infinity. */
  | Named & { kind: "histogram"; unit: Unit; bounds: readonly number[]; samples: readonly HistogramSample[] };

/** Units of values; formats name them as their readers do. */
export type Unit = "seconds" | "bytes";

/** The number of values in all buckets. */
export function countOf({ counts }: HistogramSample): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
