/** A name pattern: text contained anywhere, ASCII case folded, `^` and `$` anchor it, `^dir/*` is one level. */
export type Pattern = string;

/** What is traced: plain data, the same for the flags, the engine and the report. Empty lists select everything. */
export interface Selection {
  /** Processes. */
  pids: number[];
  /** Threads. */
  tids: number[];
  /** Real user numbers. */
  uids: number[];
  /** Follow children of `pids` and of the command. */
  follow: boolean;
  /** Thread names, any of these. */
  comms: Pattern[];
  /** Files, any of these; a call with two files needs one. */
  paths: Pattern[];
  /** Thread names never shown. */
  excludedComms: Pattern[];
  /** Files never shown; one of a call with two is enough. */
  excludedPaths: Pattern[];
  /** Numbers of the selected calls in this machine's table. */
  syscalls: number[];
  /** Trace also the numbers that the table does not know (`--family all`). */
  unknownSyscalls: boolean;
  /** Only calls that failed. */
  failedOnly: boolean;
  /** Only calls that took at least this long, nanoseconds; 0 for all. */
  slowerNs: number;
}

/** A selection of everything with no system calls yet. */
export function emptySelection(): Selection {
  return {
    pids: [],
    tids: [],
    uids: [],
    follow: true,
    comms: [],
    paths: [],
    excludedComms: [],
    excludedPaths: [],
    syscalls: [],
    unknownSyscalls: false,
    failedOnly: false,
    slowerNs: 0,
  };
}

/** A copy that shares nothing with `selection`. */
export function cloneSelection(selection: Selection): Selection {
  return structuredClone(selection);
}

/** True when both select the same calls by the same rules; lists compare in order. */
export function selectionEquals(a: Selection, b: Selection): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

function canonical(selection: Selection): unknown[] {
  return Object.entries(selection).sort(([a], [b]) => a < b ? -1 : 1);
}
