/** What is traced, as plain data: the same for the options, the engine, a live session and a replay. */
import { type Expression, formatExpression } from "../expression/mod.ts";

/** What is traced. */
export interface Filter {
  /** Processes, with their children when `follow` is set. Empty, with `tids`, for all. */
  pids: number[];
  /** Threads, beside the processes. */
  tids: number[];
  /** Follow children of `pids` and of the command. */
  follow: boolean;
  /** Names of the selected calls. */
  syscalls: string[];
  /** Trace also the numbers that the table does not know (`--family all`). */
  unknownSyscalls: boolean;
  /** What the row of a call must be, `null` for anything. */
  where: Expression | null;
}

/** A filter of no system calls yet, and of nothing else. */
export function emptyFilter(): Filter {
  return { pids: [], tids: [], follow: true, syscalls: [], unknownSyscalls: false, where: null };
}

/** A copy that shares nothing with `filter`. */
export function cloneFilter(filter: Filter): Filter {
  return structuredClone(filter);
}

/** True when both are the same filter; lists compare in order, conditions as they are written. */
export function filterEquals(a: Filter, b: Filter): boolean {
  return formatFilter(a) === formatFilter(b);
}

/**
 * Writes a filter so that `parseFilter` reads the same: `pid 1,2 no-follow syscall openat,read where failed`. What is left
 * out is as in {@linkcode emptyFilter}.
 */
export function formatFilter({ pids, tids, follow, syscalls, unknownSyscalls, where }: Filter): string {
  const parts: string[] = [];
  if (pids.length > 0) parts.push(`pid ${pids.join(",")}`);
  if (tids.length > 0) parts.push(`tid ${tids.join(",")}`);
  if (!follow) parts.push("no-follow");
  if (syscalls.length > 0) parts.push(`syscall ${syscalls.join(",")}`);
  if (unknownSyscalls) parts.push("unknown");
  if (where !== null) parts.push(`where ${formatExpression(where)}`);
  return parts.join(" ");
}
