import type { CallCell } from "../../runtime/call_cells.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { type AddedMeasures, MeasureTable } from "./measure_table.ts";

/** Rows of {@linkcode CellSums.measures} that hold one cell until they are disposed. */
export interface HeldCell extends Disposable {
  /** Everything but the bytes read. */
  own: number;
  /** The bytes read, which may belong to another file. */
  read: number;
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
   * Takes a cell; `reads` and `writes` are 1 when its system call moves bytes on that side, else 0; `waits` tells whether its
   * calls wait. Throws a `RangeError` for an inconsistent cell.
   */
  hold(cell: CallCell, reads: number, writes: number, waits: boolean): HeldCell {
    const { calls, returned, errno, bytes, totalNs, maxNs, extra, latency: { indexes, counts } } = cell;
    const { fetchedBytes, ...offProcessor } = extra ?? {};
    const counted = counts.reduce((sum, count) => sum + count, 0);
    if (!(calls >= 1 && returned <= calls && counted === returned)) {
      throw new RangeError(
        `Cannot count a cell: it has ${calls} calls, ${returned} of them returned, and ${counted} are in its histogram`,
      );
    }
    const own = this.measures.allocate();
    const read = this.measures.allocate();
    this.measures.addMeasures(own, {
      calls,
      errors: errno === 0 ? 0 : calls,
      readBytes: 0,
      writeBytes: bytes * writes,
      returned,
      totalNs,
      waitingNs: waits ? totalNs : 0,
      maxNs,
      ...offProcessor,
      latency: { count: returned, indexes, counts },
    });
    this.measures.addMeasures(read, {
      calls: 0,
      errors: 0,
      readBytes: bytes * reads,
      writeBytes: 0,
      returned: 0,
      totalNs: 0,
      waitingNs: 0,
      maxNs: 0,
      fetchedBytes,
      latency: { count: 0, indexes: indexes.subarray(0, 0), counts: counts.subarray(0, 0) },
    });
    for (const part of [own, read]) this.measures.mergeInto(part, this.#total, this.#totalRow);
    return {
      own,
      read,
      [Symbol.dispose]: () => [own, read].forEach((row) => this.measures.release(row)),
    };
  }
}
