/**
 * The unit that travels from the decoder to everything behind it: a fixed number of finished calls as columns of
 * typed arrays over one transferable buffer, plus the names that are new since the previous batch.
 *
 * Rows carry small integers for tasks and files: slots of tables that the decoder owns. A slot may later be
 * reused for another task or file; the batch that does so lists the slot's new name, and names apply before the batch's
 * rows. Consumers keep `names[slot]` and need memory for as many names as there are slots.
 */

/** `fd` of a call that names no descriptor. */
export const NO_FD: number = -0x8000_0000;

/** Slot of a call without a file. Real slots start at 1. */
export const NO_FILE = 0;

/** Bits of the `flags` column. */
export const EventFlag = {
  /** The call did not return: `ret` and `durationNs` hold no result (`exit`, `rt_sigreturn`, a killed process). */
  NO_RETURN: 1,
  /** A path argument could not be read. */
  PATH_FAULT: 2,
  /** A path argument was longer than the kernel accepts and was cut. */
  PATH_TRUNCATED: 4,
  /** The process was killed inside the call: `durationNs` is the time until its end, `ret` holds no result. */
  KILLED: 8,
  /** `fd` has the number of {@linkcode NO_FD} and is a descriptor argument as given, not none. */
  LEAST_FD: 16,
  /** The files are not known; of calls that are added up alone. */
  FILES_UNKNOWN: 32,
} as const;

/** Whether call `i` names a descriptor: every number can be one. */
export function hasFd({ fd, flags }: EventColumns, i: number): boolean {
  return fd[i] !== NO_FD || (flags[i] & EventFlag.LEAST_FD) !== 0;
}

/** Columns of a batch; element `i` of each belongs to call `i`. */
export interface EventColumns {
  /** Enter, nanoseconds since the trace began. */
  enterNs: Float64Array;
  /** Exit minus enter, nanoseconds; NaN when the call never returns. */
  durationNs: Float64Array;
  /** This enter minus the thread's previous shown exit, nanoseconds; NaN for its first. */
  gapNs: Float64Array;
  /** The value returned, all 64 bits; 0 under {@linkcode EventFlag.NO_RETURN} or {@linkcode EventFlag.KILLED}. */
  ret: BigInt64Array;
  /** Bytes moved; NaN for calls that move none by their nature. */
  bytes: Float64Array;
  /** System call number of the machine's table; negative or unknown numbers occur under `--family all`. */
  nr: Int32Array;
  /** Task slot. */
  task: Uint32Array;
  /** File slot of `path`, {@linkcode NO_FILE} when none. */
  file: Uint32Array;
  /** File slot of `old_path`, {@linkcode NO_FILE} when none. */
  oldFile: Uint32Array;
  /** Descriptor shown, {@linkcode NO_FD} when none; see {@linkcode EventFlag.LEAST_FD}. */
  fd: Int32Array;
  /** How often the kernel restarted the call, at most 255. */
  restarts: Uint8Array;
  /** {@linkcode EventFlag} bits. */
  flags: Uint8Array;
  /** What else is known of the calls; left out when nothing is. */
  extra?: ExtraColumns;
}

/** What a trace knows of calls only when it is asked to; NaN where it is not. */
export interface ExtraColumns {
  /** Time off the processor inside the call, waiting for I/O, nanoseconds. */
  iowaitNs: Float64Array;
  /** The same, waiting for anything else. */
  blockedNs: Float64Array;
  /** The same, while it could run: waiting for a processor. */
  runqueueNs: Float64Array;
  /** Bytes of pages that the call brought into the page cache. */
  fetchedBytes: Float64Array;
  /** Where it reads or writes, bytes, for calls that say it; -1 for the position of the descriptor. */
  offsetBytes: Float64Array;
  /** File slot of the text of the flags that it opens with, see `flags` of a row; {@linkcode NO_FILE} where they are not known. */
  flags: Uint32Array;
  /** File slot of the text of its stack, see `stack` of a row; {@linkcode NO_FILE} where it is not known. */
  stack: Uint32Array;
}

/** Names of the columns of {@linkcode ExtraColumns} that are added up. */
export const EXTRA_COLUMNS = ["iowaitNs", "blockedNs", "runqueueNs", "fetchedBytes"] as const satisfies (
  keyof ExtraColumns
)[];

/** One of {@linkcode EXTRA_COLUMNS}. */
export type ExtraColumn = typeof EXTRA_COLUMNS[number];

/** Names of all columns of {@linkcode ExtraColumns}. */
export const ALL_EXTRA_COLUMNS: readonly (keyof ExtraColumns)[] = [
  ...EXTRA_COLUMNS,
  "offsetBytes",
  "flags",
  "stack",
];

/** The name a task slot has from this batch on. */
export interface TaskName {
  /** Index that the `task` column holds. */
  slot: number;
  /** Process (thread group) and thread number, as seen in ior's own namespace. */
  pid: number;
  /** Thread number, in the same namespace. */
  tid: number;
  /** Real user number. */
  uid: number;
  /** Real group number; left out where it is not known. */
  gid?: number;
  /** Control group, see `cgroup` of a row; left out where it is not known. */
  cgroup?: string;
  /** Thread name, invalid UTF-8 replaced by U+FFFD. */
  comm: string;
  /**
   * Start of the process, nanoseconds since the trace began (negative: before it); tells a reused pid apart. Where the start
   * is not known, {@linkcode UNKNOWN_START_NS} and the begin of the run that the process is of.
   */
  processStartNs: number;
}

/** So long before a trace, 146 years, nothing was started. */
export const UNKNOWN_START_NS = -(2 ** 62);

/** Whether a start is that of a process, and not {@linkcode UNKNOWN_START_NS} of some run. */
export function isStartKnown(startNs: number): boolean {
  return startNs > UNKNOWN_START_NS / 2;
}

/** The name a file slot has from this batch on. */
export interface FileName {
  /** Index that the `file` and `oldFile` columns hold, from 1 on. */
  slot: number;
  /** Absolute path, or the kernel's spelling of what has none; invalid UTF-8 replaced by U+FFFD. */
  path: string;
  /** The exact bytes, only when they are not UTF-8. */
  raw?: Uint8Array;
}

/** Finished calls, in the order of their exits. */
export interface EventBatch {
  /** Calls in the batch; the columns may be longer. */
  length: number;
  /** `seq` of the first call; the others follow without gaps, unless `seqs` is set. */
  firstSeq: number;
  /** `seq` of each call, for a recording with rows removed, whose numbers are not consecutive. */
  seqs?: Float64Array;
  /** Filter epoch of every call in the batch. */
  epoch: number;
  /** The calls; not to be read after they are handed back for reuse. */
  columns: EventColumns;
  /** New names of task slots; they apply before the calls. */
  tasks: TaskName[];
  /** New names of file slots; they apply before the calls. */
  files: FileName[];
}

const BYTES_PER_CALL = 8 * 5 + 4 * 5 + 2;

/** The same with the extra columns. */
const BYTES_WITH_EXTRA = BYTES_PER_CALL + 8 * (EXTRA_COLUMNS.length + 1) + 4 * 2;

/** Columns for `capacity` calls over one new buffer. `capacity` is rounded up to a multiple of 8. */
export function createColumns(capacity: number, hasExtra = false): EventColumns {
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw new RangeError(
      `Cannot create event columns: capacity is ${capacity}, it must be a positive integer`,
    );
  }
  const n = Math.ceil(capacity / 8) * 8;
  return columnsFromBuffer(new ArrayBuffer(n * (hasExtra ? BYTES_WITH_EXTRA : BYTES_PER_CALL)), hasExtra);
}

/**
 * Columns over a buffer that {@linkcode columnsBuffer} returned, for instance one that came back from a worker. The
 * contents stay; the columns are as long as the original ones, which had extra ones or not. Throws a `RangeError` for any
 * other size.
 */
export function columnsFromBuffer(buffer: ArrayBuffer, hasExtra = false): EventColumns {
  const perCall = hasExtra ? BYTES_WITH_EXTRA : BYTES_PER_CALL;
  const n = buffer.byteLength / perCall;
  if (!Number.isSafeInteger(n) || n === 0 || n % 8 !== 0) {
    throw new RangeError(
      `Cannot use the buffer for event columns: it has ${buffer.byteLength} bytes, it must have a positive multiple of ` +
        8 * perCall,
    );
  }
  let offset = 0;
  const take = (bytes: number) => {
    const at = offset;
    offset += n * bytes;
    return at;
  };
  return {
    enterNs: new Float64Array(buffer, take(8), n),
    durationNs: new Float64Array(buffer, take(8), n),
    gapNs: new Float64Array(buffer, take(8), n),
    ret: new BigInt64Array(buffer, take(8), n),
    bytes: new Float64Array(buffer, take(8), n),
    nr: new Int32Array(buffer, take(4), n),
    task: new Uint32Array(buffer, take(4), n),
    file: new Uint32Array(buffer, take(4), n),
    oldFile: new Uint32Array(buffer, take(4), n),
    fd: new Int32Array(buffer, take(4), n),
    restarts: new Uint8Array(buffer, take(1), n),
    flags: new Uint8Array(buffer, take(1), n),
    ...(hasExtra ? { extra: extraColumns(buffer, take, n) } : {}),
  };
}

function extraColumns(buffer: ArrayBuffer, take: (bytes: number) => number, n: number): ExtraColumns {
  const column = () => new Float64Array(buffer, take(8), n);
  return {
    iowaitNs: column(),
    blockedNs: column(),
    runqueueNs: column(),
    fetchedBytes: column(),
    offsetBytes: column(),
    flags: new Uint32Array(buffer, take(4), n),
    stack: new Uint32Array(buffer, take(4), n),
  };
}

/** When call `i` ended, nanoseconds since the trace began; its enter for one that does not return. */
export function endOfCall({ enterNs, durationNs }: EventColumns, i: number): number {
  return enterNs[i] + (durationNs[i] || 0);
}

/** The buffer behind the columns: what to transfer when a batch is posted to a worker. */
export function columnsBuffer(columns: EventColumns): ArrayBuffer {
  return columns.enterNs.buffer as ArrayBuffer;
}

/** In place of the name of a file or of a process that the kernel's buffer had no room for. */
export const UNKNOWN_NAME = "[unknown]";

/** In place of that of a pipe or of a socket, as far as that is known: what calls on one take is waiting. */
export const UNKNOWN_PIPE: string = `pipe:${UNKNOWN_NAME}`;
/** See {@linkcode UNKNOWN_PIPE}. */
export const UNKNOWN_SOCKET: string = `socket:${UNKNOWN_NAME}`;

/** Whether this stands for a name that is not known: what is summed up under it may be of any file, or process. */
export function isUnknownName(name: string): boolean {
  return name === UNKNOWN_NAME || name === UNKNOWN_PIPE || name === UNKNOWN_SOCKET;
}

/** Digits that stand for a container's ID where its name is not known, as docker shows it. */
export const SHORT_ID_DIGITS = 12;

/** Fewest digits of a container's ID that are taken as one: fewer may be a name. */
export const LEAST_ID_DIGITS = 4;
