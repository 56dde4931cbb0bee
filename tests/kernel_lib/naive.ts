import { syscallByName } from "../../runtime/syscalls/mod.ts";
import type { RowRecord } from "./rows.ts";

/** Numbers below are the standard ones; `fcntl` returns flags as often as descriptors. */
const FIRST_FREE = 3;

/**
 * What a tracer says that keeps a descriptor table per process in user space, and is told only of successful opens, dups
 * and closes: the path of each row that works on a descriptor, by `seq`. A process that is new starts with a copy of the
 * first one's table. This is the control of scenarios: the kernel's own table must say better.
 */
export function replayDescriptors(rows: readonly RowRecord[], mainPid: number): Map<number, string | null> {
  const tables = new Map<number, Map<number, string | null>>();
  const said = new Map<number, string | null>();
  for (const row of rows) {
    let table = tables.get(row.pid);
    if (table === undefined) tables.set(row.pid, table = new Map(tables.get(mainPid) ?? []));
    const call = syscallByName(row.syscall);
    const { fd, ret } = row;
    if (fd === null) continue;
    if (call?.returns === "fd") {
      table.set(fd, row.path);
      said.set(row.seq, row.path);
      continue;
    }
    said.set(row.seq, table.get(fd) ?? null);
    if (
      /^(dup|fcntl)/.test(row.syscall) && ret !== null &&
      ret >= (row.syscall === "fcntl" ? FIRST_FREE : 0)
    ) {
      table.set(ret, table.get(fd) ?? null);
    }
    if (row.syscall === "close" && ret === 0) table.delete(fd);
  }
  return said;
}
