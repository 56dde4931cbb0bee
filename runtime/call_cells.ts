import type { ExtraMeasures } from "./stats.ts";
import type { FileName, TaskName } from "./event_batch.ts";

/**
 * Sums of calls that have no rows: those that sampling left out, or that the kernel added up. A cell holds
 * the measures of all calls of one system call, task, file and error since it was last sent.
 *
 * Plain arrays: cells are few and arrive seldom.
 */
export interface CallCells {
  /** The sums, in any order. */
  cells: CallCell[];
  /** The moment from which on they are, nanoseconds since the trace began. */
  sinceNs: number;
  /** The moment up to which they are. */
  timeNs: number;
  /** New names of task slots, as in an `EventBatch`; they apply before the cells. */
  tasks: TaskName[];
  /** The same for file slots. */
  files: FileName[];
}

/** The calls of one cell. */
export interface CallCell {
  /** The moment from which on they are, where it is known to be later than that of all. */
  sinceNs?: number;
  /** System call number. */
  nr: number;
  /** Task slot. */
  task: number;
  /** File slot of `path`, `NO_FILE` for none. */
  file: number;
  /** File slot of `old_path`, `NO_FILE` for none; it takes the bytes read by calls that copy. */
  oldFile: number;
  /** Error number of all these calls, 0 when they did not fail. */
  errno: number;
  /** Whether these calls have a descriptor. */
  hasFd: boolean;
  /** Bits of `EventFlag` that all these calls have. */
  flags: number;
  /** Calls, at least 1. */
  calls: number;
  /** How many of them returned; only these count in the time and in the histogram. */
  returned: number;
  /** Bytes moved, at most 2^53. */
  bytes: number;
  /** Time of those that returned, nanoseconds, at most 2^53. */
  totalNs: number;
  /** Time between the exit before and the enter of those that have one, nanoseconds, at most 2^53. */
  gapNs: number;
  /** The part of `totalNs` of calls that moved fewer than `TINY_BYTES` bytes, and at least one. */
  tinyNs: number;
  /** Longest of them, nanoseconds; 0 when none returned. */
  maxNs: number;
  /** What else is known of these calls, see `ExtraMeasures`; left out when nothing is. */
  extra?: ExtraMeasures;
  /** Latencies of those that returned. */
  latency: Buckets;
  /** Gaps of those that have one. */
  gap: Buckets;
  /** Bytes moved by those that can move bytes and did not fail. */
  size: Buckets;
}

/**
 * How long a call must take, nanoseconds, to be wanted as a row where others are added up: 0 for all calls, `Infinity` for
 * none.
 */
export interface SlowLimits {
  /** One that does not wait, see `runtime/waiting.ts`. */
  filesNs: number;
  /** One that does. */
  waitingNs: number;
}

/** Filled buckets of a histogram. */
export interface Buckets {
  /** Indexes of the buckets of the engine's histograms, in rising order. */
  indexes: Uint16Array;
  /** Values in the bucket of the same position in `indexes`. */
  counts: Float64Array;
}
