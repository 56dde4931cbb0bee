import type { ExactInteger } from "./exact_integer.ts";

/** One finished call as users see it: every field of a row, in user words. `null` is "no value". */
export interface StreamRow {
  /** 1, 2, 3… over the session, in the order of the exits. */
  seq: number;
  /** Enter, nanoseconds since the trace began. */
  timeNs: number;
  /** Process (thread group) number. */
  pid: number;
  /** Thread number. */
  tid: number;
  /** Thread name at the exit. */
  comm: string;
  /** Real user number. */
  uid: number;
  /** Name of the call, or its number as text when the table does not know it. */
  syscall: string;
  /** Family of the call, as in the help. */
  family: string;
  /** Descriptor the call works on, or the one it made. */
  fd: number | null;
  /** Its file: absolute, or the kernel's spelling of what has no path. */
  path: string | null;
  /** The other file of a call that has two: the old name, or what a copy reads. */
  oldPath: string | null;
  /** Exact bytes of `path` and `oldPath`, only where they are not UTF-8. */
  pathRaw: Uint8Array | null;
  /** As `pathRaw`. */
  oldPathRaw: Uint8Array | null;
  /** Why a path argument is missing or incomplete: unreadable memory, or longer than the kernel accepts. */
  pathError: "fault" | "truncated" | null;
  /** Value returned; `null` when the call did not return. */
  ret: ExactInteger | null;
  /** Name of the error, `null` when the call did not fail. */
  errno: string | null;
  /** True when it returned one of -4095…-1. */
  failed: boolean;
  /** Bytes moved; `null` for calls that move none by their nature. */
  bytes: number | null;
  /** Exit minus enter, nanoseconds; for a killed process the time until the kill; `null` when the call cannot return. */
  latencyNs: number | null;
  /** This enter minus the thread's previous shown exit, nanoseconds; `null` for its first. */
  gapNs: number | null;
  /** How often the kernel restarted the call, at most 255. */
  restarts: number;
  /** Number of the filter that was in force. */
  epoch: number;
  /**
   * Control group (cgroup v2) at the enter: its path below the root of the hierarchy, or `RUNTIME:NAME` with the path below
   * it for a container. `null` where it is not known: it is followed only when it is asked for.
   */
  cgroup: string | null;
  /** Real group number; `null` where it is not known: recordings of others may have none. */
  gid: number | null;
  /** Time off the processor inside the call, waiting for I/O, nanoseconds; `null` unless the trace asks for it. */
  iowaitNs: number | null;
  /** The same, waiting for anything else. */
  blockedNs: number | null;
  /** The same, while it could run: waiting for a processor. */
  runqueueNs: number | null;
  /**
   * Bytes of pages that the call brought into the page cache, read ahead for later calls among them; `null` unless the trace
   * asks for it, and for calls that only write: the pages that they add hold what is written.
   */
  fetchedBytes: number | null;
  /**
   * The functions that make the call, outermost first, joined by semicolons; `null` unless the trace asks for them.
   */
  stack: string | null;
  /**
   * Where it reads or writes, bytes, for calls that say it (`pread64`); -1 for the position of the descriptor. `null` unless the
   * trace asks for it.
   */
  offsetBytes: number | null;
  /** The flags that it opens with, as `O_WRONLY|O_CREAT`; bits without a name as a number. `null` unless the trace asks for them. */
  flags: string | null;
}

/** A row of the live stream that is a message to the user, in its place in time. */
export interface WarningRow {
  /** As in {@linkcode StreamRow}. */
  seq: number;
  /** Nanoseconds since the trace began. */
  timeNs: number;
  /** Text for the user, one line. */
  warning: string;
}

/** A call that had entered and not returned when the trace ended. */
export interface RunningCall {
  /** Process (thread group) number. */
  pid: number;
  /** Thread number. */
  tid: number;
  /** Thread name. */
  comm: string;
  /** Name of the call, or its number as text when the table does not know it. */
  syscall: string;
  /** The file of its descriptor, `null` when it has none or names its file by a path argument. */
  path: string | null;
  /** Time since its enter, nanoseconds. */
  ageNs: number;
  /** When that was, nanoseconds since the trace began; left out for the end of the trace. */
  asOfNs?: number;
}

/** Requests of a process to io_uring that have no rows: work without system calls of its own. */
export interface UringRequests {
  /** Process (thread group) number. */
  pid: number;
  /** Requests submitted. */
  requests: number;
}
