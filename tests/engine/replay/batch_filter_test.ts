import assert from "node:assert/strict";
import { BatchFilter } from "../../../engine/replay/batch_filter.ts";
import { compileFilter, formatFilter } from "../../../runtime/filter/mod.ts";
import { draws } from "../../runtime/expression/draw.ts";
import { randomCalls, randomFilter } from "../../runtime/filter/random_filters.ts";
import { batchesOf, ndjsonText, record, rowsOf, scratch } from "../recording/fixture.ts";

/** Calls of a batch. */
const CALLS = 100;

Deno.test("A random filter selects from a recording the rows that its plain predicate selects", async () => {
  using folder = scratch();
  const draw = draws();
  let selected = 0;
  for (let round = 0; round < 8; round++) {
    // In the second batch all slots have new names.
    const batches = [0, 1].map((which) => {
      const batch = randomCalls(draw, CALLS);
      batch.firstSeq += which * CALLS;
      for (let i = 0; i < CALLS; i++) batch.columns.enterNs[i] += which * 1e9;
      return batch;
    });
    const rows = rowsOf(batches);
    const names = ["parquet", "ndjson"].map((ending) => folder.path(`${round}.${ending}`));
    await record(names[0], batches);
    Deno.writeTextFileSync(names[1], ndjsonText(batches));
    for (let i = 0; i < 25; i++) {
      const filter = randomFilter(draw);
      const wanted = rows.filter(compileFilter(filter)).map(({ timeNs }) => timeNs);
      selected += wanted.length;
      for (const name of names) {
        const kept = new BatchFilter(filter, "x86_64");
        const found = (await batchesOf(name)).flatMap((batch) => [
          ...batch.columns.enterNs.subarray(0, kept.apply(batch)),
        ]);
        assert.deepEqual(found, wanted, `${formatFilter(filter)} of ${name}`);
      }
    }
  }
  assert.ok(selected > 1000, `${selected} selected`);
});
