import assert from "node:assert/strict";
import type { CellFacts, CellKey } from "../../bpf/sums.ts";
import { CellKind, FILE_SLOTS, FileStatus, TASK_SLOTS } from "../../bpf/wire.ts";
import { EventFlag, isStartKnown } from "../../runtime/event_batch.ts";
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
  const own: CellKey[] = [];
  const announce = (facts: CellFacts) => {
    cells.push(facts);
    const at = own.findIndex(({ cell }) => cell === facts.cell);
    if (at >= 0) own.splice(at, 1);
  };
  const { decoder } = decoding(where, { sums: { announce, ownCells: () => [...own] } });
  return { decoder, cells, own, feedAll: (...records: RecordBytes[]) => feed(decoder, ...records) };
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
      kind: 28 | CellKind.HAS_FD,
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

/** The key of a cell without a record; what is left out is a seek of task 1 without files. */
const ownCell = (cell: number, key: Partial<CellKey> = {}): CellKey => ({
  ...{ cell, round: 0, taskId: 1, nr: LSEEK, fileId: 0, oldFileId: 0, kind: 0, filter: 0 },
  ...key,
});

Deno.test("a cell without a record is announced when its names have come", () => {
  const { decoder, cells, own, feedAll } = announcing();
  feedAll(taskRecord(), pathRecord(2, "/a"));
  own.push(ownCell(1, { fileId: 2, oldFileId: 3 }), ownCell(2, { taskId: 2 }), ownCell(3, { fileId: 2 }));
  decoder.takeOwnCells();
  assert.deepEqual(cells.map(({ cell }) => cell), [3]);
  feedAll(pathRecord(3, "/b"));
  decoder.takeOwnCells();
  feedAll(taskRecord({ taskId: 2, comm: "two" }));
  decoder.takeOwnCells();
  assert.deepEqual(
    cells.map(({ cell, task, file, oldFile, lacksName }) => [
      ...[cell, task.name.comm, file?.name.path, oldFile?.name.path, lacksName],
    ]),
    [[3, "cat", "/a", undefined, false], [1, "cat", "/a", "/b", false], [
      2,
      "two",
      undefined,
      undefined,
      false,
    ]],
  );
});

Deno.test("a cell without names is on [unknown]", () => {
  const { decoder, cells, own, feedAll } = announcing();
  feedAll(taskRecord());
  own.push(
    ownCell(1, { kind: CellKind.NO_FILES | CellKind.HAS_FD | 2 }),
    ownCell(2, { kind: CellKind.NO_FILES | CellKind.NO_TASK, taskId: 1 }),
    ownCell(3, { kind: CellKind.NO_TASK | CellKind.NO_RETURN, taskId: 1 }),
  );
  decoder.takeOwnCells();
  assert.deepEqual(
    cells.map(({ task, file, errno, hasFd, flags, lacksName }) => [
      ...[task.name.comm, task.name.pid, file?.name.path, errno, hasFd, flags, lacksName],
    ]),
    [
      ["cat", 100, "[unknown]", 2, true, EventFlag.FILES_UNKNOWN, true],
      ["[unknown]", 0, "[unknown]", 0, false, EventFlag.FILES_UNKNOWN, true],
      ["[unknown]", 0, undefined, 0, false, EventFlag.NO_RETURN, true],
    ],
  );
});

Deno.test("a cell without names that is of pipes or sockets is one that waits", () => {
  const { decoder, cells, own, feedAll } = announcing();
  feedAll(taskRecord());
  own.push(
    ownCell(1, { kind: CellKind.NO_FILES | CellKind.OF_PIPE }),
    ownCell(2, { kind: CellKind.NO_FILES | CellKind.OF_SOCKET | CellKind.NO_TASK | CellKind.KILLED }),
    ownCell(3, { kind: CellKind.NO_FILES }),
  );
  decoder.takeOwnCells();
  const told = cells.map((
    { file, waits, flags },
  ) => [file?.name.path, waits, flags & ~EventFlag.FILES_UNKNOWN]);
  assert.deepEqual(told, [
    ["pipe:[unknown]", true, 0],
    ["socket:[unknown]", true, EventFlag.KILLED],
    ["[unknown]", false, 0],
  ]);
  assert.equal(new Set(cells.map(({ file }) => file?.id)).size, 3);
  assert.equal(isStartKnown(cells[1].task.name.processStartNs), false);
});

Deno.test("a cell of no file whose task has made room for another one has no file", () => {
  const { decoder, cells, own, feedAll } = announcing();
  feedAll(taskRecord(), taskRecord({ taskId: 1 + TASK_SLOTS }));
  own.push(ownCell(1));
  decoder.takeOwnCells();
  assert.deepEqual(cells.map(({ task, file }) => [task.name.comm, file]), [["[unknown]", null]]);
});

Deno.test("a cell whose names have made room for others is on [unknown], and not wanted where names decide", () => {
  for (const [where, isWanted] of [[null, true], ["path ~ /a", false]] as const) {
    const { decoder, cells, own, feedAll } = announcing(where);
    feedAll(taskRecord(), pathRecord(2, "/a"), pathRecord(2 + FILE_SLOTS, "/a/b"));
    own.push(ownCell(1, { fileId: 2 }));
    decoder.takeOwnCells();
    const [{ task, file, lacksName, ...facts }] = cells;
    assert.deepEqual([task.name.comm, file?.name.path, lacksName], ["[unknown]", "[unknown]", true]);
    assert.equal(facts.isWanted, isWanted);
  }
});
