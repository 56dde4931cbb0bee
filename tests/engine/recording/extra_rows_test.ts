import assert from "node:assert/strict";
import { ExtraRows } from "../../../engine/recording/extra_rows.ts";
import { batchOf, taskName } from "../batches.ts";
import { assertSameRows, ndjsonText, record, replayed, rowsOf, scratch } from "./fixture.ts";

const EXTRA = { iowaitNs: 2 ** 40, blockedNs: 0, runqueueNs: 7, fetchedBytes: 4096 };

const FILES = [{ slot: 1, path: "main;ask" }, { slot: 2, path: "/main" }, { slot: 3, path: "O_RDWR" }];

/** Batches of which the second says more of some of its calls. */
function batches() {
  const tasks = [taskName(1, 70)];
  return [
    batchOf([{ nr: 0 }, { nr: 1 }], { tasks, firstSeq: 1 }),
    batchOf([
      { nr: 0, file: 2, extra: { ...EXTRA, stack: 1 } },
      { nr: 1, extra: { ...EXTRA, fetchedBytes: NaN } },
      { nr: 3 },
    ], { files: FILES, firstSeq: 3 }),
    batchOf([{ nr: 0 }], { firstSeq: 6 }),
    batchOf([{ nr: 0, extra: { stack: 1 } }], { firstSeq: 7 }),
    batchOf([
      { nr: 17, extra: { offsetBytes: 2 ** 40 } },
      { nr: 327, extra: { offsetBytes: -1 } },
      { nr: 257, extra: { flags: 3 } },
    ], { firstSeq: 8 }),
  ];
}

Deno.test("What else is known of calls is in a recording, and nothing where nothing is", async () => {
  using directory = scratch();
  const path = directory.path("run.parquet");
  await record(path, batches());
  const rows = await replayed(path);
  assertSameRows(rows, rowsOf(batches()));
  assert.deepEqual(
    rows.map(({ iowaitNs, blockedNs, runqueueNs, fetchedBytes, stack, offsetBytes, flags }) => [
      iowaitNs,
      blockedNs,
      runqueueNs,
      fetchedBytes,
      stack,
      offsetBytes,
      flags,
    ]),
    [
      [null, null, null, null, null, null, null],
      [null, null, null, null, null, null, null],
      [2 ** 40, 0, 7, 4096, "main;ask", null, null],
      [2 ** 40, 0, 7, null, null, null, null],
      [null, null, null, null, null, null, null],
      [null, null, null, null, null, null, null],
      [null, null, null, null, "main;ask", null, null],
      [null, null, null, null, null, 2 ** 40, null],
      [null, null, null, null, null, -1, null],
      [null, null, null, null, null, null, "O_RDWR"],
    ],
  );
});

Deno.test("NDJSON of rows has it too", async () => {
  using directory = scratch();
  const path = directory.path("run.ndjson");
  Deno.writeTextFileSync(path, ndjsonText(batches()));
  assertSameRows(await replayed(path), rowsOf(batches()));
});

Deno.test("A row group that was cleared has nothing of the one before", () => {
  const rows = new ExtraRows(8);
  const { extra } = batchOf([{ nr: 0, extra: EXTRA }, { nr: 0, extra: EXTRA }]).columns;
  const encoded = () => rows.encode("iowaitNs", 2);
  rows.add(extra, 0, 2, 0);
  const first = encoded();
  rows.clear();
  rows.add(undefined, 0, 1, 0);
  rows.add(extra, 0, 1, 1);
  const second = encoded();
  assert.notDeepEqual(second, first);
  rows.clear();
  rows.add(extra, 0, 2, 0);
  assert.deepEqual(encoded(), first);
});
