/** Rows of a recording as columns, in the form shared by all sources of rows. */

import { EXTRA_COLUMNS, type ExtraColumn } from "../../runtime/event_batch.ts";
import type { CodedColumn, ExactColumn } from "../parquet/read_column.ts";

/** Some rows in their order. Numbers are NaN where there is no value. */
export interface RowColumns {
  /** The file they are from. */
  source: string;
  length: number;
  seq: Float64Array;
  timeNs: Float64Array;
  pid: CodedColumn<number>;
  tid: CodedColumn<number>;
  comm: CodedColumn<string>;
  uid: CodedColumn<number>;
  processStartNs: CodedColumn<number>;
  syscall: CodedColumn<string>;
  fd: Float64Array;
  path: CodedColumn<string>;
  oldPath: CodedColumn<string>;
  pathRaw: CodedColumn<Uint8Array>;
  oldPathRaw: CodedColumn<Uint8Array>;
  pathError: CodedColumn<string>;
  ret: ExactColumn;
  bytes: Float64Array;
  latencyNs: Float64Array;
  gapNs: Float64Array;
  restarts: Float64Array;
  epoch: Float64Array;
  cgroup: CodedColumn<string>;
  gid: CodedColumn<number>;
  /** What else is known of the calls, `null` for nothing. */
  extra: ExtraValues | null;
  stack: CodedColumn<string>;
  offsetBytes: Float64Array;
  flags: CodedColumn<string>;
}

/** The values of {@linkcode ExtraColumn}s. */
export type ExtraValues = Record<ExtraColumn, Float64Array>;

/** The columns if one of them has a value, else `null`. */
export function knownExtra(extra: ExtraValues): ExtraValues | null {
  const isKnown = EXTRA_COLUMNS.some((name) => extra[name].some((value) => value === value));
  return isKnown ? extra : null;
}
