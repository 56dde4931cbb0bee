import assert from "node:assert/strict";
import type { CellFacts } from "../../bpf/sums.ts";
import { CELL_HAS_FD, FileStatus } from "../../bpf/wire.ts";
import { EventFlag } from "../../runtime/event_batch.ts";
import {
  cellRecord,
  decoding,
  feed,
  judgeOf,
  pathRecord,
  pathTextRecord,
  type RecordBytes,
  taskRecord,
} from "./records.ts";

const [LSEEK, RENAME, SYMLINK, COPY_FILE_RANGE] = [8, 82, 88, 326];

/** A decoder, and the cells it has announced. */
function announcing(where: string | null = null) {
  const cells: CellFacts[] = [];
  const { decoder } = decoding(where, { sums: { announce: (facts) => void cells.push(facts) } });
  return { decoder, cells, feedAll: (...records: RecordBytes[]) => feed(decoder, ...records) };
}

Deno.test("a cell has the names of its numbers, the error and whether there is a descriptor", () => {
  const { cells, feedAll } = announcing();
  feedAll(
    taskRecord({ taskId: 5, pid: 70, comm: "cp" }),
    pathRecord(2, "/new"),
    pathRecord(3, "/old"),
    cellRecord(40, {
      task_id: 5,
      nr: COPY_FILE_RANGE,
      file_id: 2,
      file2_id: 3,
      kind: 28 | CELL_HAS_FD,
      round: 6,
    }),
    cellRecord(41, { task_id: 5, nr: LSEEK }),
  );
  const [copy, seek] = cells;
  assert.deepEqual([copy.cell, copy.round, copy.nr, copy.errno, copy.hasFd], [
    40,
    6,
    COPY_FILE_RANGE,
    28,
    true,
  ]);
  assert.deepEqual([copy.task.id, copy.task.name.pid, copy.task.name.comm], [5, 70, "cp"]);
  assert.deepEqual([copy.file, copy.oldFile].map((file) => [file!.id, file!.name.path]), [[2, "/new"], [
    3,
    "/old",
  ]]);
  assert.deepEqual([seek.file, seek.oldFile, seek.errno, seek.hasFd], [null, null, 0, false]);
});

Deno.test("a cell is judged once, by the filter that its calls were selected by", () => {
  const { decoder, cells, feedAll } = announcing("path ~ /a and errno = ENOENT");
  feedAll(taskRecord(), pathRecord(1, "/a"), pathRecord(2, "/b"));
  decoder.changeFilter(judgeOf("path ~ /b"), 2);
  feedAll(
    ...[[1, 2, 0], [1, 0, 0], [2, 2, 0], [1, 2, 1], [2, 0, 1]].map(([file_id, kind, filter], cell) =>
      cellRecord(cell, { file_id, kind, filter })
    ),
  );
  assert.deepEqual(cells.map(({ epoch, isWanted }) => [epoch, isWanted]), [
    [1, true],
    [1, false],
    [1, false],
    [2, false],
    [2, true],
  ]);
});

Deno.test("a path text is a file of its cells: relative to its directory, as given, or raw", () => {
  const { cells, feedAll } = announcing();
  const texts: [RecordBytes, string][] = [
    [pathTextRecord(11, "a//b", { base: 2 }), "/dir/a/b"],
    [pathTextRecord(12, "/etc//hosts"), "/etc/hosts"],
    [pathTextRecord(13, "a", { base: 2, bare: true }), "a"],
    [pathTextRecord(14, "a", { base: 2, oldOf: RENAME }), "/dir/a"],
    [pathTextRecord(15, "../a", { base: 2, oldOf: SYMLINK }), "../a"],
    [pathTextRecord(16, Uint8Array.of(0x61, 0xff), { base: 2 }), "/dir/a\ufffd"],
    [pathTextRecord(17, "", { base: 2 }), "/dir"],
  ];
  feedAll(taskRecord(), pathRecord(2, "/dir"));
  for (const [record] of texts) feedAll(record);
  texts.forEach((_, i) => feedAll(cellRecord(i, { nr: RENAME, file_id: 11 + i, file2_id: 11 })));
  assert.deepEqual(cells.map(({ file }) => file!.name.path), texts.map(([, path]) => path));
  assert.deepEqual(cells.map(({ oldFile }) => oldFile!.name.path), texts.map(() => "/dir/a/b"));
  assert.deepEqual([...cells[5].file!.name.raw!], [...new TextEncoder().encode("/dir/a"), 0xff]);
});

Deno.test("a path below a directory whose name was cut is cut as well", () => {
  const { cells, feedAll } = announcing();
  feedAll(taskRecord(), pathRecord(2, "/dir", FileStatus.TRUNCATED), pathTextRecord(3, "a", { base: 2 }));
  feedAll(pathTextRecord(4, "/b"), cellRecord(1, { file_id: 3 }), cellRecord(2, { file_id: 4 }));
  assert.deepEqual(cells.map(({ flags }) => flags), [EventFlag.PATH_TRUNCATED, 0]);
});

Deno.test("a path text is judged as the name of a file is", () => {
  const { cells, feedAll } = announcing("path ~ /a");
  feedAll(taskRecord(), pathTextRecord(3, "/a"), pathTextRecord(4, "/b"));
  feedAll(cellRecord(1, { file_id: 3 }), cellRecord(2, { file_id: 4 }));
  assert.deepEqual(cells.map(({ isWanted }) => isWanted), [true, false]);
});

Deno.test("a path text that is cut short is an error", () => {
  const { feedAll } = announcing();
  assert.throws(
    () => feedAll(pathTextRecord(3, "/abcdefg").subarray(0, 28)),
    /a path text: its record has 28 bytes/,
  );
});

Deno.test("a cell is an error where calls are not added up, and when it is cut short", () => {
  assert.throws(() => feed(decoding().decoder, taskRecord(), cellRecord(1)), /no calls are added up/);
  const { feedAll } = announcing();
  assert.throws(
    () => feedAll(taskRecord(), cellRecord(1).subarray(0, 32)),
    /Cannot decode a cell: its record has 32 bytes/,
  );
});
