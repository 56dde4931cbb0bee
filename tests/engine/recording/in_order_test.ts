import assert from "node:assert/strict";
import { inOrder } from "../../../engine/recording/in_order.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { batchOf } from "../batches.ts";

/** The numbers of the first rows of the batches of a recording whose rows have these numbers. */
async function read(batches: readonly number[][]): Promise<number[]> {
  async function* source(): AsyncGenerator<EventBatch> {
    await Promise.resolve();
    for (const [firstSeq, ...others] of batches) {
      const seqs = Float64Array.of(firstSeq, ...others);
      const isWhole = seqs.every((seq, i) => seq === firstSeq + i);
      yield { ...batchOf(Array.from(seqs, () => ({ nr: 0 })), { firstSeq }), ...(isWhole ? {} : { seqs }) };
    }
  }
  const found: number[] = [];
  for await (const { firstSeq } of inOrder({ batches: source, recycle() {} }).batches()) found.push(firstSeq);
  return found;
}

Deno.test("Rows in the order of their numbers are read, with holes between them", async () => {
  assert.deepEqual(await read([[1, 2, 3], [4], [9, 12], [13, 14]]), [1, 4, 9, 13]);
});

Deno.test("A row that comes too late, or twice, is an error that says which", async () => {
  const cases: [batches: number[][], found: string][] = [
    [[[1, 2, 3], [3, 4]], "row 3 comes after row 3"],
    [[[5, 6], [1, 2, 3, 4]], "row 1 comes after row 6"],
    [[[1, 3], [4, 8, 7]], "row 7 comes after row 8"],
    [[[2, 1]], "row 1 comes after row 2"],
  ];
  for (const [batches, found] of cases) {
    await assert.rejects(read(batches), {
      code: "runtime",
      message: `Cannot follow calls that are out of order: ${found}`,
      hint: "Write the rows again in the order of seq, each once; ior report, diff and flame need no order",
    });
  }
});
