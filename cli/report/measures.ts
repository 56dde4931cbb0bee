/** Measures under the names of the document, and sums of them. */
import { bucketHigh, bucketLow, RELATIVE_ERROR } from "../../engine/stats/buckets.ts";
import { bucketOfRank, middleOf, quantileRank } from "../../runtime/quantile.ts";
import type { ReportHistogram, ReportMeasures } from "../../runtime/report.ts";
import { type ExactInteger, exactSum } from "../../runtime/exact_integer.ts";
import type { BucketData, ExtraMeasures, Measures } from "../../runtime/stats.ts";

/** The measures of a row under the names of the document. */
export function measuresOf(
  {
    calls,
    errors,
    readBytes,
    writeBytes,
    returned,
    totalNs,
    waitingNs,
    p50Ns,
    p90Ns,
    p99Ns,
    maxNs,
    ...extra
  }: Measures,
): ReportMeasures {
  return {
    calls,
    errors,
    read_bytes: readBytes,
    write_bytes: writeBytes,
    total_ns: totalNs,
    ...(waitingNs == 0 ? {} : { waiting_ns: waitingNs }),
    ...extraMeasuresOf(extra),
    mean_ns: meanOf(totalNs, returned),
    p50_ns: p50Ns,
    p90_ns: p90Ns,
    p99_ns: p99Ns,
    max_ns: returned === 0 ? null : maxNs,
  };
}

/** What else is known of calls under the names of the document; what is not known is left out. */
export function extraMeasuresOf(
  { iowaitNs, blockedNs, runqueueNs, partsUnknownNs, fetchedBytes, fetchUnknownBytes }: ExtraMeasures,
): Pick<ReportMeasures, ExtraName> {
  return {
    ...(iowaitNs === undefined ? {} : { iowait_ns: iowaitNs }),
    ...(blockedNs === undefined ? {} : { blocked_ns: blockedNs }),
    ...(runqueueNs === undefined ? {} : { runqueue_ns: runqueueNs }),
    ...(partsUnknownNs === undefined ? {} : { parts_unknown_ns: partsUnknownNs }),
    ...(fetchedBytes === undefined ? {} : { fetched_bytes: fetchedBytes }),
    ...(fetchUnknownBytes === undefined ? {} : { fetch_unknown_bytes: fetchUnknownBytes }),
  };
}

/** The names of these measures. */
const EXTRA_NAMES = [
  ...["iowait_ns", "blocked_ns", "runqueue_ns", "parts_unknown_ns"] as const,
  ...["fetched_bytes", "fetch_unknown_bytes"] as const,
];

type ExtraName = typeof EXTRA_NAMES[number];

/** A histogram in the form of the document. */
export function histogramOf({ indexes, counts }: BucketData): ReportHistogram {
  const buckets = Array.from(
    indexes,
    (index, i): [number, number, number] => [
      bucketLow(index),
      Math.min(bucketHigh(index), Number.MAX_SAFE_INTEGER), // the last one ends at 2^53, which readers may round
      counts[i],
    ],
  );
  return { relative_error: RELATIVE_ERROR, buckets };
}

/** Merges rows with their histograms: every number is as if their calls had been counted together. */
export function sumOfRows(
  rows: readonly (ReportMeasures & { latency: ReportHistogram })[],
): ReportMeasures & { latency: ReportHistogram } {
  const latency = {
    relative_error: RELATIVE_ERROR,
    buckets: mergeBuckets(rows.map((row) => row.latency.buckets)),
  };
  const sum = (value: (row: ReportMeasures) => ExactInteger) => exactSum(rows.map(value));
  const total = sum((row) => row.total_ns);
  const waiting = sum((row) => row.waiting_ns ?? 0);
  const maxNs = rows.reduce((max, row) => Math.max(max, row.max_ns ?? 0), 0);
  const count = latency.buckets.reduce((count, [, , own]) => count + own, 0);
  const at = (q: number) => quantileOfBuckets(latency.buckets, count, q, maxNs);
  return {
    calls: Number(sum((row) => row.calls)),
    errors: Number(sum((row) => row.errors)),
    read_bytes: sum((row) => row.read_bytes),
    write_bytes: sum((row) => row.write_bytes),
    total_ns: total,
    ...(waiting == 0 ? {} : { waiting_ns: waiting }),
    ...Object.fromEntries(
      EXTRA_NAMES.filter((name) => rows.some((row) => row[name] !== undefined))
        .map((name) => [name, sum((row) => row[name] ?? 0)]),
    ),
    mean_ns: meanOf(total, count),
    p50_ns: at(0.5),
    p90_ns: at(0.9),
    p99_ns: at(0.99),
    max_ns: count === 0 ? null : maxNs,
    latency,
  };
}

function meanOf(totalNs: ExactInteger, count: number): number | null {
  return count === 0 ? null : Math.round(Number(totalNs) / count);
}

type Buckets = ReportHistogram["buckets"];

function mergeBuckets(all: readonly Buckets[]): Buckets {
  const merged = new Map<number, Buckets[number]>();
  for (const [low, high, count] of all.flat()) {
    merged.set(low, [low, high, count + (merged.get(low)?.[2] ?? 0)]);
  }
  return [...merged.values()].sort(([a], [b]) => a - b);
}

/** The same as the engine's `quantile`, of buckets in the form of the document. */
function quantileOfBuckets(buckets: Buckets, count: number, q: number, maxNs: number): number | null {
  if (count === 0) return null;
  const rank = quantileRank(count, q);
  if (rank === count) return maxNs;
  const [low, high] = buckets[bucketOfRank(buckets.map(([, , own]) => own), rank)];
  return Math.min(middleOf(low, high), maxNs);
}
