/** Sums of calls for tests: those of a batch, added up the plain way. */
import { bucketIndex } from "../../engine/stats/buckets.ts";
import {
  bucketRange,
  type CallCells,
  type CellColumns,
  CellHistogram,
  CellWriter,
} from "../../runtime/call_cells.ts";
import {
  type EventBatch,
  EventFlag,
  EXTRA_COLUMNS,
  type ExtraColumn,
  hasFd,
} from "../../runtime/event_batch.ts";
import { TINY_BYTES } from "../../runtime/stats.ts";

/** Filled buckets in rising order, and how many values each holds. */
interface Buckets {
  indexes: readonly number[];
  counts: readonly number[];
}

/** The elements of one cell. */
export type Cell =
  & Record<Exclude<keyof CellColumns, "sinceNs" | "extra" | "hasFd" | `bucket${string}`>, number>
  & Record<"latency" | "gap" | "size", Buckets>
  & { sinceNs?: number; hasFd: boolean; extra?: Partial<Record<ExtraColumn, number>> };

/** Cells with the moment from which on they are where they do not say it. */
export type PlainCells = Omit<CallCells, "length" | "columns"> & { cells: readonly Cell[]; sinceNs: number };

/** Cells as they travel. */
export function callCells({ cells, sinceNs, ...rest }: PlainCells): CallCells {
  const writer = new CellWriter(cells.some(({ extra }) => extra !== undefined));
  for (const { latency, gap, size, extra = {}, hasFd, ...numbers } of cells) {
    for (const [histogram, { indexes, counts }] of [latency, gap, size].entries()) {
      indexes.forEach((bucket, i) => writer.addBucket(bucket, counts[i]));
      writer.endHistogram(histogram);
    }
    const { columns, length } = writer;
    const elements = { sinceNs, ...numbers, hasFd: hasFd ? 1 : 0 };
    for (const name of Object.keys(elements) as (keyof typeof elements)[]) {
      columns[name][length] = elements[name];
    }
    for (const name of columns.extra ? EXTRA_COLUMNS : []) columns.extra![name][length] = extra[name] ?? NaN;
    writer.endCell();
  }
  return { ...writer.take(), ...rest };
}

/** The same the other way; without what else is known of the calls. */
export function plainCells(sums: CallCells | null): Cell[] {
  return Array.from({ length: sums?.length ?? 0 }, (_, i) => {
    const { extra: _extra, hasFd, bucketEnds: _ends, bucketIndexes, bucketCounts, ...columns } =
      sums!.columns;
    const [latency, gap, size] = [CellHistogram.LATENCY, CellHistogram.GAP, CellHistogram.SIZE].map(
      (histogram) => {
        const range = bucketRange(sums!.columns, i, histogram);
        return { indexes: [...bucketIndexes.slice(...range)], counts: [...bucketCounts.slice(...range)] };
      },
    );
    const numbers = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column[i]]),
    ) as Record<keyof typeof columns, number>;
    return { ...numbers, hasFd: hasFd[i] === 1, latency, gap, size };
  });
}

/** How often each bucket of a cell's histograms was filled. */
type Counted = Record<"latency" | "gap" | "size", Map<number, number>>;

const NONE: Buckets = { indexes: [], counts: [] };

/** The calls of a batch as cells, each of the calls that the kernel would add up together. */
export function cellsOf({ columns, length }: EventBatch): Cell[] {
  const cells = new Map<string, Cell & { counted: Counted }>();
  for (let i = 0; i < length; i++) {
    const flags = columns.flags[i];
    const returned = (flags & (EventFlag.NO_RETURN | EventFlag.KILLED)) === 0;
    const errno = returned && columns.ret[i] < 0n && columns.ret[i] >= -4095n ? Number(-columns.ret[i]) : 0;
    const [nr, task, file, oldFile] = [columns.nr[i], columns.task[i], columns.file[i], columns.oldFile[i]];
    const isOfFd = hasFd(columns, i);
    const key = [nr, task, file, oldFile, errno, isOfFd, flags].join();
    const cell: Cell & { counted: Counted } = cells.get(key) ?? {
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
      if (!Number.isNaN(value)) extra[name] = (extra[name] ?? 0) + value;
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
    indexes: sorted.map(([bucket]) => bucket),
    counts: sorted.map(([, count]) => count),
  };
}
