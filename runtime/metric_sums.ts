/**
 * The sums that metrics are made of: a small part of a snapshot, as numbers in one array, because a scraper asks for them
 * every few seconds for as long as ior runs.
 */
import type { ExactInteger } from "./exact_integer.ts";

/** Where a row has what; the numbers of latencies come last. */
export const SumField = {
  /** Calls finished. */
  CALLS: 0,
  /** Calls that failed. */
  ERRORS: 1,
  /** Bytes read or received. */
  READ_BYTES: 2,
  /** Bytes written or sent. */
  WRITTEN_BYTES: 3,
  /** Time inside the calls that returned, nanoseconds. */
  TOTAL_NS: 4,
  /** The part of it spent waiting. */
  WAITING_NS: 5,
  /** Calls that returned, by the class of their latency. */
  LATENCIES: 6,
} as const;

/** Rows of one table, largest total time first. */
export interface SumRows<Name> {
  /** What each row is of. */
  names: Name[];
  /** One row after the other, {@linkcode SumField}, each sum rounded to a double once. */
  values: Float64Array<ArrayBuffer>;
}

/** What metrics are made of, from one moment. */
export interface MetricSums {
  /** Time inside the calls that returned, nanoseconds. */
  totalNs: ExactInteger;
  /** The part of it on files. */
  filesNs: ExactInteger;
  /** The part of it spent waiting. */
  waitingNs: ExactInteger;
  /** How many numbers a row of values has: the fields, then one for each class of latencies. */
  width: number;
  /** Calls by system call. */
  syscalls: SumRows<{ syscall: string; family: string }>;
  /** Failed calls by the name of the error, most frequent pair of error and call first. */
  errors: Map<string, number>;
  /** The grouping by `comm`, and at last those beyond its limit, whose name is `null`; `null` when nothing is grouped so. */
  commands: SumRows<string | null> | null;
}
