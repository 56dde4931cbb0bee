/** Open file descriptions, as far as calls on their descriptors tell. */

/** How the bytes of a file were accessed. `unknown`: mostly by calls of which it is not known where. */
export type Access = "sequential" | "strided" | "random" | "unknown";

/** How much is known of the end of an open file description. */
export type SessionState =
  /** A descriptor of it is open. */
  | "open"
  /** Its last descriptor was closed. */
  | "closed"
  /**
   * It may be either: its process has run another program or closed descriptors by range since, its descriptor shows another
   * file since, or it was there before the trace, and others may have it.
   */
  | "unsure";

/** One open file description, from its open to the close of its last descriptor. Times are nanoseconds since the trace began. */
export interface FileSession {
  /** Absolute, or the kernel's spelling of what has no path. */
  path: string;
  /** Its exact bytes as base64 where they are not UTF-8, else `null`. */
  pathRaw: string | null;
  /** Who opened it; who was seen with it first, when that was not seen. */
  pid: number;
  /** The name of that thread. */
  comm: string;
  /** The call that made it, `null` when that was not seen. */
  openedBy: string | null;
  /** When it was made, `null` when that was not seen. */
  openedNs: number | null;
  /** The flags of that call, as `O_WRONLY|O_CREAT`; `null` when they are not known. */
  flags: string | null;
  /** The functions that opened it, outermost first, joined by semicolons; `null` when that was not asked for or not known. */
  stack: string | null;
  /** When the last descriptor was closed that is known of it; by when, where that was not seen. */
  closedNs: number | null;
  /** Whether it is open still. */
  state: SessionState;
  /** Calls on it, those that open and close it among them. */
  calls: number;
  /** Those that failed. */
  errors: number;
  /** Time inside of them, nanoseconds. */
  totalNs: number;
  /** Bytes read, those of copies included. */
  readBytes: number;
  /** Bytes written, those of copies included. */
  writeBytes: number;
  /** Bytes of pages that its calls brought into the page cache; `null` when no call says. */
  fetchedBytes: number | null;
  /** Calls of lseek. */
  seeks: number;
  /** Calls of fsync, fdatasync and sync_file_range. */
  syncs: number;
  /** How its bytes were reached, `null` when fewer than two calls moved any. */
  access: Access | null;
  /** Processes that used it. */
  processes: number;
}

/** What is known of all of them. */
export interface SessionsResult {
  /** The sessions with a selected call. */
  sessions: FileSession[];
  /** Sessions that were left out by a limit on memory: those with the least time, and those opened while too many were open. */
  folded: number;
  /** False when no call was seen that makes, replaces or ends a process: what such processes had open counts as open. */
  seesProcesses: boolean;
}
