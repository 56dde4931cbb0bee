import type { FileName, TaskName } from "./event_batch.ts";

/**
 * Sums of calls of which there are no rows: those that sampling left out, or that the kernel has added up. A cell holds
 * what all calls of one system call, task, file and error measured since it was last sent.
 *
 * Plain arrays: cells are few, and come seldom.
 */
export interface CallCells {
  /** The sums, in any order. */
  cells: CallCell[];
  /** New names of slots, as in an `EventBatch`; they apply before the cells. */
  tasks: TaskName[];
  /** As `tasks`, of file slots. */
  files: FileName[];
}

/** The calls of one cell. */
export interface CallCell {
  /** System call number. */
  nr: number;
  /** Task slot. */
  task: number;
  /** File slot of `path`, `NO_FILE` for none. */
  file: number;
  /** File slot of `old_path`, `NO_FILE` for none: what the calls read belongs to it when they copy. */
  oldFile: number;
  /** Error number of all these calls, 0 when they did not fail. */
  errno: number;
  /** Calls, at least 1. */
  calls: number;
  /** How many of them returned: they are in the time and in the histogram. */
  returned: number;
  /** Bytes moved, at most 2^53. */
  bytes: number;
  /** Time of those that returned, nanoseconds, at most 2^53. */
  totalNs: number;
  /** Longest of them, nanoseconds; 0 when none returned. */
  maxNs: number;
  /** Latency histogram: buckets as the engine's histograms have them, in rising order, and their counts. */
  indexes: Uint16Array;
  /** Calls in the bucket of the same position in `indexes`. */
  counts: Float64Array;
}
