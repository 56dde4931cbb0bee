import type { ExtraColumn } from "../../runtime/event_batch.ts";
import { BUCKET_COUNT } from "./buckets.ts";

/** Calls processed at a time: few enough that the columns stay in the nearest cache of the processor. */
export const CHUNK_CALLS = 512;

/** What the tables count of a chunk of calls, computed once for all tables. */
export class CallColumns {
  /** Latency, nanoseconds, from 0 to 2^53 - 1; 0 for a call that did not return. */
  readonly latencyNs: Float64Array;
  /** The same for a call that waits, see runtime/waiting.ts; 0 for all others. */
  readonly waitingNs: Float64Array;
  /** Buckets of latency, gap and size, {@linkcode NO_BUCKET} where the call has no such value. */
  readonly latency: Uint16Array;
  readonly gap: Uint16Array;
  readonly size: Uint16Array;
  /** Error number, 0 for a call that did not fail. */
  readonly errno: Uint16Array;
  /** 1 for a call that failed, else 0: to be added without a branch, which would often be mispredicted. */
  readonly errors: Float64Array;
  /** Bytes of the call's read side and of its write side, 0 for none. */
  readonly readBytes: Float64Array;
  readonly writeBytes: Float64Array;
  /** What else is known of the calls, `null` for nothing; NaN where it is not known of a call. */
  extra: Record<ExtraColumn, Float64Array> | null = null;
  /** Use of a file, -1 for none, and the calls that are one: the first of them, in order. */
  readonly use: Int8Array;
  readonly used: Int32Array;
  /** File slot of the source of a copy, `NO_FILE` for all other calls. */
  readonly source: Uint32Array;
  /** File slot of the destination of a copy that counts for its source, `NO_FILE` for all other calls. */
  readonly target: Uint32Array;
  /**
   * Row of each call in the table of that name; `readFile` and `writeFile` are the files that the bytes it read and wrote
   * belong to.
   */
  readonly syscall: Int32Array;
  readonly process: Int32Array;
  readonly file: Int32Array;
  readonly readFile: Int32Array;
  readonly writeFile: Int32Array;

  /** Room for `capacity` calls. */
  constructor(capacity = CHUNK_CALLS) {
    this.latencyNs = new Float64Array(capacity);
    this.waitingNs = new Float64Array(capacity);
    this.latency = new Uint16Array(capacity);
    this.gap = new Uint16Array(capacity);
    this.size = new Uint16Array(capacity);
    this.errno = new Uint16Array(capacity);
    this.errors = new Float64Array(capacity);
    this.readBytes = new Float64Array(capacity);
    this.writeBytes = new Float64Array(capacity);
    this.use = new Int8Array(capacity);
    this.used = new Int32Array(capacity);
    this.source = new Uint32Array(capacity);
    this.target = new Uint32Array(capacity);
    this.syscall = new Int32Array(capacity);
    this.process = new Int32Array(capacity);
    this.file = new Int32Array(capacity);
    this.readFile = new Int32Array(capacity);
    this.writeFile = new Int32Array(capacity);
  }
}

/**
 * Stands for a bucket when the call has no such value. It counts like a bucket after the last one, so that counting needs
 * no branch and the number of calls without a value is known.
 */
export const NO_BUCKET = BUCKET_COUNT;

/** Stands for a row that is not known yet. */
export const NO_ROW = -1;
