import type { RowRecord } from "./rows.ts";

/** Names for processes and threads that do not change from run to run. */
export interface Labels {
  /** `main`, `child1`, `main/t1`. */
  of(row: RowRecord): string;
  /** The process of a label, `undefined` when no row has it. */
  pid(label: string): number | undefined;
  /** The thread of a label. */
  tid(label: string): number | undefined;
}

/** Names the processes `main`, `child1`, `child2`… and their other threads `main/t1`…, in the order of their first rows. */
export function labelRows(rows: readonly RowRecord[], mainPid: number): Labels {
  const processes = new Map<number, string>([[mainPid, "main"]]);
  const threads = new Map<number, string>([[mainPid, "main"]]);
  const threadsOf = new Map<number, number>();
  for (const { pid, tid } of rows) {
    if (!processes.has(pid)) processes.set(pid, `child${processes.size}`);
    const process = processes.get(pid)!;
    if (tid === pid) threads.set(tid, process);
    else if (!threads.has(tid)) {
      const count = (threadsOf.get(pid) ?? 0) + 1;
      threadsOf.set(pid, count);
      threads.set(tid, `${process}/t${count}`);
    }
  }
  const find = (names: Map<number, string>, label: string) =>
    [...names].find(([, name]) => name === label)?.[0];
  return {
    of: (row) => threads.get(row.tid)!,
    pid: (label) => find(processes, label),
    tid: (label) => find(threads, label),
  };
}
