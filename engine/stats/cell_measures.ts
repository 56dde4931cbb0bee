import { bucketRange, type CellColumns, CellHistogram } from "../../runtime/call_cells.ts";
import type { ExtraColumn } from "../../runtime/event_batch.ts";
import type { Filled } from "./histograms.ts";
import type { AddedMeasures } from "./measure_table.ts";

/** The measures of a cell. */
export interface CellMeasures {
  /** Everything, but for what `read` and `written` have. */
  own: AddedMeasures;
  /** What is read of another file; `null` when there is none. */
  read: AddedMeasures | null;
  /** What is written to another file; `null` when there is none. */
  written: AddedMeasures | null;
}

/** What is to be known of the system call of a cell. */
export interface CellCall {
  /** 1 when it moves bytes on that side, else 0. */
  reads: number;
  writes: number;
  /** Whether its calls wait. */
  waits: boolean;
  /** Whether its calls read another file. */
  isCopy: boolean;
  /** Whether these wait for that file, and count for it. */
  waitsForSource: boolean;
}

const NOTHING: AddedMeasures = {
  calls: 0,
  errors: 0,
  readBytes: 0,
  writeBytes: 0,
  returned: 0,
  totalNs: 0,
  waitingNs: 0,
  maxNs: 0,
  latency: { count: 0, indexes: new Uint16Array(), counts: new Float64Array() },
};

/** The filled buckets of a histogram of cell `i`, in the memory of the columns. */
export function bucketsOf(cells: CellColumns, i: number, histogram: number): Filled {
  const [from, to] = bucketRange(cells, i, histogram);
  return { indexes: cells.bucketIndexes.subarray(from, to), counts: cells.bucketCounts.subarray(from, to) };
}

/** The measures of cell `i`, whose histogram is that of the columns. Throws a `RangeError` for an inconsistent cell. */
export function cellMeasures(
  cells: CellColumns,
  i: number,
  { reads, writes, waits, isCopy, waitsForSource }: CellCall,
): CellMeasures {
  const calls = cells.calls[i];
  const returned = cells.returned[i];
  const totalNs = cells.totalNs[i];
  const { indexes, counts } = bucketsOf(cells, i, CellHistogram.LATENCY);
  let counted = 0;
  for (let j = 0; j < counts.length; j++) counted += counts[j];
  if (!(calls >= 1 && returned <= calls && counted === returned)) {
    throw new RangeError(
      `Cannot count a cell: it has ${calls} calls, ${returned} of them returned, and ${counted} are in its histogram`,
    );
  }
  const readBytes = cells.bytes[i] * reads;
  const writeBytes = cells.bytes[i] * writes;
  const fetchedBytes = extraOf(cells, i, "fetchedBytes");
  // Calls that did not return have no time, so no part of it either.
  const partOf = (name: ExtraColumn) => returned === 0 ? undefined : extraOf(cells, i, name);
  return {
    own: {
      calls,
      errors: cells.errno[i] === 0 ? 0 : calls,
      readBytes: isCopy ? 0 : readBytes,
      writeBytes: waitsForSource ? 0 : writeBytes,
      returned,
      totalNs,
      waitingNs: waits ? totalNs : 0,
      maxNs: cells.maxNs[i],
      iowaitNs: partOf("iowaitNs"),
      blockedNs: partOf("blockedNs"),
      runqueueNs: partOf("runqueueNs"),
      fetchedBytes: isCopy ? undefined : fetchedBytes,
      latency: { count: returned, indexes, counts },
    },
    read: isCopy ? { ...NOTHING, readBytes, fetchedBytes } : null,
    written: waitsForSource ? { ...NOTHING, writeBytes } : null,
  };
}

function extraOf({ extra }: CellColumns, i: number, name: ExtraColumn): number | undefined {
  if (extra === undefined) return undefined;
  const value = extra[name][i];
  return Number.isNaN(value) ? undefined : value;
}
