/** The document of `ior files --json`, see schema/ior.files.1.json. */
import type { Access, SessionsResult, SessionState } from "../../runtime/file_sessions.ts";
import { type ReportHeader, type ReportSampling, type RunFacts, runFacts } from "../../runtime/report.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import { type SessionSort, sortSessions } from "./sorts.ts";

/** One open file description. */
export interface ListedSession {
  path: string;
  /** Base64 of the exact bytes, only where they are not UTF-8. */
  path_raw?: string;
  /** Who opened it; who was seen with it first, when `opened_by` is `null`. */
  pid: number;
  comm: string;
  /** The call that opened it, `null` when that was not seen. */
  opened_by: string | null;
  /** RFC 3339, `null` when that was not seen. */
  opened: string | null;
  /** The flags of that call, as `O_WRONLY|O_CREAT`; `null` when they are not known. */
  flags: string | null;
  /** The functions that opened it, outermost first, joined by semicolons; left out when they are not known. */
  stack?: string;
  /** When the last descriptor was closed that is known of it, `null` while there is one. */
  closed: string | null;
  state: SessionState;
  /** From the open, or the start of the trace, to the close, or the end of the trace, nanoseconds. */
  duration_ns: number;
  calls: number;
  errors: number;
  total_ns: number;
  read_bytes: number;
  write_bytes: number;
  /** Bytes of pages that its calls brought into the page cache; left out when no call says. */
  fetched_bytes?: number;
  /** Calls of lseek. */
  seeks: number;
  /** Calls of fsync, fdatasync and sync_file_range. */
  syncs: number;
  /** `null` when fewer than two calls moved bytes. */
  access: Access | null;
  /** Processes that used it. */
  processes: number;
}

/** The document. */
export interface FilesDocument extends RunFacts {
  schema: "ior.files/1";
  /** Which calls had rows; left out when all had. */
  sampling?: ReportSampling;
  /** False when no call was seen that makes, replaces or ends a process. */
  sees_processes: boolean;
  /** Sessions that a limit on memory left out. */
  folded: number;
  /** Sessions that `--top` left out. */
  cut: number;
  sessions: ListedSession[];
}

/** Builds it; `top` is `null` for all sessions. */
export function filesDocument(
  header: ReportHeader,
  { sessions, folded, seesProcesses }: SessionsResult,
  { sort, top }: { sort: SessionSort; top: number | null },
): FilesDocument {
  const { started, wall_ns, sampling } = header;
  const shown = sortSessions(sessions, sort).slice(0, top ?? Infinity);
  const at = (ns: number | null) => ns === null ? null : timeAfter(started, ns);
  return {
    schema: "ior.files/1",
    ...runFacts(header),
    ...(sampling && { sampling }),
    sees_processes: seesProcesses,
    folded,
    cut: sessions.length - shown.length,
    sessions: shown.map((session) => ({
      path: session.path,
      ...(session.pathRaw === null ? {} : { path_raw: session.pathRaw }),
      pid: session.pid,
      comm: session.comm,
      opened_by: session.openedBy,
      opened: at(session.openedNs),
      flags: session.flags,
      ...(session.stack === null ? {} : { stack: session.stack }),
      closed: at(session.closedNs),
      state: session.state,
      duration_ns: Math.max(0, (session.closedNs ?? wall_ns) - (session.openedNs ?? 0)),
      calls: session.calls,
      errors: session.errors,
      total_ns: session.totalNs,
      read_bytes: session.readBytes,
      write_bytes: session.writeBytes,
      ...(session.fetchedBytes === null ? {} : { fetched_bytes: session.fetchedBytes }),
      seeks: session.seeks,
      syncs: session.syncs,
      access: session.access,
      processes: session.processes,
    })),
  };
}
