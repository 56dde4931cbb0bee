import assert from "node:assert/strict";
import { EXTRA_COLUMNS } from "../../runtime/event_batch.ts";
import { bucketRange, type CellColumns, CellHistogram, CellWriter } from "../../runtime/call_cells.ts";
import { random, testSeed } from "../engine/batches.ts";

const HISTOGRAMS = Object.values(CellHistogram);

/** One cell as it was written. */
interface Written {
  numbers: Map<keyof CellColumns, number>;
  extra: number[];
  buckets: [index: number, count: number][][];
}

/** Writes a cell with numbers that each column can hold. */
function writeCell(writer: CellWriter, next: () => number): Written {
  const whole = (below: number) => Math.floor(next() * below);
  const buckets = HISTOGRAMS.map((histogram) => {
    const filled = Array.from(
      { length: whole(40) },
      (): [number, number] => [whole(2 ** 11), 1 + whole(2 ** 40)],
    );
    for (const [index, count] of filled) writer.addBucket(index, count);
    writer.endHistogram(histogram);
    return filled;
  });
  const { columns, length } = writer;
  const numbers = new Map<keyof CellColumns, number>();
  for (const [name, column] of Object.entries(columns) as [keyof CellColumns, Uint8Array][]) {
    if (name === "extra" || name.startsWith("bucket")) continue;
    numbers.set(name, column[length] = whole(2 ** Math.min(31, 8 * column.BYTES_PER_ELEMENT)));
  }
  const extra = columns.extra
    ? EXTRA_COLUMNS.map((name) => columns.extra![name][length] = whole(2 ** 40))
    : [];
  writer.endCell();
  return { numbers, extra, buckets };
}

/** The cells that columns have. */
function readCells(columns: CellColumns, length: number): Written[] {
  return Array.from({ length }, (_, i) => ({
    numbers: new Map(
      (Object.entries(columns) as [keyof CellColumns, Uint8Array][])
        .filter(([name]) => name !== "extra" && !name.startsWith("bucket"))
        .map(([name, column]) => [name, column[i]]),
    ),
    extra: columns.extra ? EXTRA_COLUMNS.map((name) => columns.extra![name][i]) : [],
    buckets: HISTOGRAMS.map((histogram) => {
      const [from, to] = bucketRange(columns, i, histogram);
      const [indexes, counts] = [columns.bucketIndexes.slice(from, to), columns.bucketCounts.slice(from, to)];
      return Array.from(indexes, (index, j): [number, number] => [index, counts[j]]);
    }),
  }));
}

for (const hasExtra of [false, true]) {
  Deno.test(`Cells are in the columns as they were written, ${hasExtra ? "with" : "without"} what else is known`, () => {
    const next = random(testSeed());
    const writer = new CellWriter(hasExtra);
    const taken: { columns: CellColumns; written: Written[] }[] = [];
    for (const cells of [0, 1, 300, 70]) {
      const written = Array.from({ length: cells }, () => writeCell(writer, next));
      const { length, columns } = writer.take();
      assert.deepEqual([length, columns.nr.length, writer.length], [cells, cells, 0]);
      // What travels is as large as what it holds.
      assert.equal(columns.bucketIndexes.length, written.flatMap(({ buckets }) => buckets.flat()).length);
      taken.push({ columns: structuredClone(columns), written });
      taken.push({ columns, written });
    }
    // The writer's memory is used again, and what was taken stays.
    for (const { columns, written } of taken) assert.deepEqual(readCells(columns, written.length), written);
  });
}
