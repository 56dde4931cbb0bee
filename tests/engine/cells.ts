/** Sums of calls for tests: those of a batch, added up the plain way. */
import { bucketIndex } from "../../engine/stats/buckets.ts";
import type { Buckets, CallCell } from "../../runtime/call_cells.ts";
import { type EventBatch, EventFlag, EXTRA_COLUMNS, hasFd } from "../../runtime/event_batch.ts";
import { TINY_BYTES } from "../../runtime/stats.ts";

/** How often each bucket of a cell's histograms was filled. */
type Counted = Record<"latency" | "gap" | "size", Map<number, number>>;

const NONE: Buckets = { indexes: new Uint16Array(0), counts: new Float64Array(0) };

/** The calls of a batch as cells, each of the calls that the kernel would add up together. */
export function cellsOf({ columns, length }: EventBatch): CallCell[] {
  const cells = new Map<string, CallCell & { counted: Counted }>();
  for (let i = 0; i < length; i++) {
    const flags = columns.flags[i];
    const returned = (flags & (EventFlag.NO_RETURN | EventFlag.KILLED)) === 0;
    const errno = returned && columns.ret[i] < 0n && columns.ret[i] >= -4095n ? Number(-columns.ret[i]) : 0;
    const [nr, task, file, oldFile] = [columns.nr[i], columns.task[i], columns.file[i], columns.oldFile[i]];
    const isOfFd = hasFd(columns, i);
    const key = [nr, task, file, oldFile, errno, isOfFd, flags].join();
    const cell: CallCell & { counted: Counted } = cells.get(key) ?? {
      ...{ nr, task, file, oldFile, errno, hasFd: isOfFd, flags },
      ...{ calls: 0, returned: 0, bytes: 0, totalNs: 0, gapNs: 0, tinyNs: 0, maxNs: 0 },
      ...{ latency: NONE, gap: NONE, size: NONE },
      counted: { latency: new Map(), gap: new Map(), size: new Map() },
    };
    cells.set(key, cell);
    cell.calls++;
    const [bytes, gapNs, ns] = [columns.bytes[i], columns.gapNs[i], columns.durationNs[i]];
    cell.bytes += Number.isNaN(bytes) ? 0 : bytes;
    cell.gapNs += gapNs > 0 ? gapNs : 0;
    if (!Number.isNaN(gapNs)) count(cell.counted.gap, gapNs);
    if (!Number.isNaN(bytes) && errno === 0) count(cell.counted.size, bytes);
    for (const name of columns.extra === undefined ? [] : EXTRA_COLUMNS) {
      const value = columns.extra![name][i];
      const extra = cell.extra ??= {};
      if (!Number.isNaN(value)) extra[name] = Number(extra[name] ?? 0) + value;
    }
    if (!returned) continue;
    if (bytes > 0 && bytes < TINY_BYTES) cell.tinyNs += ns;
    cell.returned++;
    cell.totalNs += ns;
    cell.maxNs = Math.max(cell.maxNs, ns);
    count(cell.counted.latency, ns);
  }
  return Array.from(cells.values(), ({ counted: { latency, gap, size }, ...cell }) => (
    { ...cell, latency: bucketsOf(latency), gap: bucketsOf(gap), size: bucketsOf(size) }
  ));
}

function count(counts: Map<number, number>, value: number): void {
  counts.set(bucketIndex(value), (counts.get(bucketIndex(value)) ?? 0) + 1);
}

function bucketsOf(counts: Map<number, number>): Buckets {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return {
    indexes: Uint16Array.from(sorted, ([bucket]) => bucket),
    counts: Float64Array.from(sorted, ([, count]) => count),
  };
}
