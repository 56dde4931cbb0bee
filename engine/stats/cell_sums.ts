import { bucketRange, type CellColumns, CellHistogram } from "../../runtime/call_cells.ts";
import type { ExtraColumn } from "../../runtime/event_batch.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { type AddedMeasures, MeasureTable } from "./measure_table.ts";

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

/** Rows of {@linkcode CellSums.measures} that hold one cell until they are disposed. */
export interface HeldCell extends Disposable {
  /** Everything, but for what `read` has. */
  own: number;
  /** What is read of another file; `null` when there is none. */
  read: number | null;
}

/** A cell as rows of measures, so that it can be merged into the tables like any of their rows. */
export class CellSums {
  readonly measures = new MeasureTable();
  readonly #total = new MeasureTable(new DenseHistograms());
  readonly #totalRow = this.#total.allocate();

  /** All cells that were held. */
  total(): AddedMeasures {
    return this.#total.toDataWithLatency(this.#totalRow);
  }

  /**
   * Takes cell `i`; `reads` and `writes` are 1 when its system call moves bytes on that side, else 0; `waits` tells whether its
   * calls wait, and `isCopy` whether they read another file. Throws a `RangeError` for an inconsistent cell.
   */
  hold(
    cells: CellColumns,
    i: number,
    { reads, writes, waits, isCopy }: { reads: number; writes: number; waits: boolean; isCopy: boolean },
  ): HeldCell {
    const calls = cells.calls[i];
    const returned = cells.returned[i];
    const bytes = cells.bytes[i];
    const totalNs = cells.totalNs[i];
    const [from, to] = bucketRange(cells, i, CellHistogram.LATENCY);
    const indexes = cells.bucketIndexes.subarray(from, to);
    const counts = cells.bucketCounts.subarray(from, to);
    const extra = (name: ExtraColumn) => {
      const value = cells.extra?.[name][i] ?? NaN;
      return Number.isNaN(value) ? undefined : value;
    };
    let counted = 0;
    for (const count of counts) counted += count;
    if (!(calls >= 1 && returned <= calls && counted === returned)) {
      throw new RangeError(
        `Cannot count a cell: it has ${calls} calls, ${returned} of them returned, and ${counted} are in its histogram`,
      );
    }
    const bytesRead = { readBytes: bytes * reads, fetchedBytes: extra("fetchedBytes") };
    const own = this.#hold({
      ...(isCopy ? NOTHING : { ...NOTHING, ...bytesRead }),
      calls,
      errors: cells.errno[i] === 0 ? 0 : calls,
      writeBytes: bytes * writes,
      returned,
      totalNs,
      waitingNs: waits ? totalNs : 0,
      maxNs: cells.maxNs[i],
      iowaitNs: extra("iowaitNs"),
      blockedNs: extra("blockedNs"),
      runqueueNs: extra("runqueueNs"),
      latency: { count: returned, indexes, counts },
    });
    const read = isCopy ? this.#hold({ ...NOTHING, ...bytesRead }) : null;
    return {
      own,
      read,
      [Symbol.dispose]: () => {
        this.measures.release(own);
        if (read !== null) this.measures.release(read);
      },
    };
  }

  #hold(measures: AddedMeasures): number {
    const row = this.measures.allocate();
    this.measures.addMeasures(row, measures);
    this.measures.mergeInto(row, this.#total, this.#totalRow);
    return row;
  }
}
