/** Sums of calls for tests: those of a batch, added up the plain way. */
import { bucketIndex } from "../../engine/stats/buckets.ts";
import type { CallCell } from "../../runtime/call_cells.ts";
import { type EventBatch, EventFlag, hasFd } from "../../runtime/event_batch.ts";

/** The calls of a batch as cells, each of the calls that the kernel would add up together. */
export function cellsOf({ columns, length }: EventBatch): CallCell[] {
  const cells = new Map<string, CallCell & { buckets: Map<number, number> }>();
  for (let i = 0; i < length; i++) {
    const flags = columns.flags[i];
    const returned = (flags & (EventFlag.NO_RETURN | EventFlag.KILLED)) === 0;
    const errno = returned && columns.ret[i] < 0n && columns.ret[i] >= -4095n ? Number(-columns.ret[i]) : 0;
    const [nr, task, file, oldFile] = [columns.nr[i], columns.task[i], columns.file[i], columns.oldFile[i]];
    const isOfFd = hasFd(columns, i);
    const key = [nr, task, file, oldFile, errno, isOfFd, flags].join();
    const cell = cells.get(key) ?? {
      ...{ nr, task, file, oldFile, errno, hasFd: isOfFd, flags },
      ...{ calls: 0, returned: 0, bytes: 0, totalNs: 0, gapNs: 0, maxNs: 0 },
      ...{ indexes: new Uint16Array(0), counts: new Float64Array(0), buckets: new Map() },
    };
    cells.set(key, cell);
    cell.calls++;
    cell.bytes += Number.isNaN(columns.bytes[i]) ? 0 : columns.bytes[i];
    cell.gapNs += columns.gapNs[i] > 0 ? columns.gapNs[i] : 0;
    if (!returned) continue;
    const ns = columns.durationNs[i];
    cell.returned++;
    cell.totalNs += ns;
    cell.maxNs = Math.max(cell.maxNs, ns);
    cell.buckets.set(bucketIndex(ns), (cell.buckets.get(bucketIndex(ns)) ?? 0) + 1);
  }
  return Array.from(cells.values(), ({ buckets, ...cell }) => {
    const sorted = [...buckets].sort(([a], [b]) => a - b);
    return {
      ...cell,
      indexes: Uint16Array.from(sorted, ([bucket]) => bucket),
      counts: Float64Array.from(sorted, ([, count]) => count),
    };
  });
}
