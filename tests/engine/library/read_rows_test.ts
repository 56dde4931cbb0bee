import assert from "node:assert/strict";
import { readRows } from "../../../engine/library/read_rows.ts";
import { openRecording } from "../../../engine/recording/mod.ts";
import { parseFilter } from "../../../runtime/filter/mod.ts";
import { batchOf, taskName } from "../batches.ts";
import { record, scratch } from "../recording/fixture.ts";

/** `read` and `write` of x86-64. */
const [READ, WRITE] = [0, 1];

Deno.test("The rows of a recording are read, those of a filter with the numbers that they have in it", async () => {
  using folder = scratch();
  const path = folder.path("run.parquet");
  const calls = [READ, WRITE, READ, WRITE].map((nr, i) => ({ nr, enterNs: 1000 * i, bytes: i }));
  await record(path, [batchOf(calls, { tasks: [taskName(1, 42)] })]);
  const read = async (filter?: string) => {
    const rows = [];
    const recording = await openRecording([path]);
    for await (const { seq, syscall, bytes } of readRows(recording, filter ? parseFilter(filter) : null)) {
      rows.push([seq, syscall, bytes]);
    }
    return rows;
  };
  assert.deepEqual(await read(), [[1, "read", 0], [2, "write", 1], [3, "read", 2], [4, "write", 3]]);
  assert.deepEqual(await read("syscall write"), [[2, "write", 1], [4, "write", 3]]);
  assert.deepEqual(await read("syscall read,write where bytes > 2"), [[4, "write", 3]]);
});
