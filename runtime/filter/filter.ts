/** What is traced, as plain data, for the options, the engine, a live session and a replay alike. */
import { type Expression, formatExpression } from "../expression/mod.ts";

/** What is traced. */
export interface Filter {
  /** Processes, with their children when `follow` is set. All processes when this and `tids` are empty. */
  pids: number[];
  /** Threads, in addition to the processes. */
  tids: number[];
  /** Follow children of `pids` and of the command. */
  follow: boolean;
  /** Names of the selected calls. */
  syscalls: string[];
  /** Also trace numbers that the table does not know (`--family all`). */
  unknownSyscalls: boolean;
  /** Condition on the row of a call, `null` for every row. */
  where: Expression | null;
}

/** Which calls have rows: the part of a filter that probes turn on and off. */
export type CallSet = Pick<Filter, "syscalls" | "unknownSyscalls">;

/** A filter that selects no system calls yet and has no other condition. */
export function emptyFilter(): Filter {
  return { pids: [], tids: [], follow: true, syscalls: [], unknownSyscalls: false, where: null };
}

/** A copy that shares nothing with `filter`. */
export function cloneFilter(filter: Filter): Filter {
  return structuredClone(filter);
}

/** True when both are the same filter. Lists compare in order, conditions as written. */
export function filterEquals(a: Filter, b: Filter): boolean {
  return formatFilter(a) === formatFilter(b);
}

/**
 * Writes a filter as `parseFilter` reads it: `pid 1,2 no-follow syscall openat,read where failed`. Parts equal to those of
 * {@linkcode emptyFilter} are left out.
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
