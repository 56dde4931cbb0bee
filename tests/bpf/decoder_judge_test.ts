import assert from "node:assert/strict";
import { FILE_SLOTS, RecordFlag, URING_FIRST } from "../../bpf/wire.ts";
import { UNKNOWN_NAME } from "../../runtime/event_batch.ts";
import { syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";
import {
  callRecord,
  decoding,
  feed,
  fileRecord,
  leafFirst,
  NO_NS,
  pathRecord,
  pathsOf,
  runningRecord,
  taskRecord,
  textRecord,
} from "./records.ts";

const nr = (name: string) => syscallNumber("x86_64", syscallByName(name)!)!;

Deno.test("the kernel is told once of each task and file that is not wanted", () => {
  const { decoder, rejectedFiles, rejectedTasks } = decoding("comm ~ tar and not path ~ ^/proc/");
  feed(
    decoder,
    taskRecord({ taskId: 65536 + 1, comm: "tar" }),
    taskRecord({ taskId: 65536 + 2, comm: "cat" }),
    pathRecord(131072 + 3, "/etc/hosts"),
    pathRecord(131072 + 4, "/proc/1/stat"),
  );
  assert.deepEqual(rejectedTasks, [65538]);
  assert.deepEqual(rejectedFiles, [131076]);
});

Deno.test("rows that came before the kernel knew the verdict are dropped", () => {
  const { decoder } = decoding("path ~ hosts");
  feed(
    decoder,
    pathRecord(3, "/etc/hosts"),
    pathRecord(4, "/etc/passwd"),
    callRecord({ fileId: 4, ret: 1n }),
    callRecord({ fileId: 3, ret: 2n }),
    callRecord({ ret: 3n }),
  );
  const batch = decoder.takeBatch()!;
  assert.equal(batch.length, 1);
  assert.equal(batch.columns.ret[0], 2n);
  assert.equal(batch.firstSeq, 1);
});

Deno.test("rows of a task that is not wanted are dropped", () => {
  const { decoder } = decoding("not comm ~ cat");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10, comm: "cat" }),
    taskRecord({ taskId: 2, tid: 11, comm: "tar" }),
    callRecord({ taskId: 1 }),
    callRecord({ taskId: 2 }),
  );
  const batch = decoder.takeBatch()!;
  assert.equal(batch.length, 1);
  assert.equal(batch.columns.task[0], 2);
});

Deno.test("a slot that another task or file takes is judged anew", () => {
  const { decoder } = decoding("comm ~ tar and path ~ ^/etc/");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10, comm: "cat" }),
    pathRecord(3, "/tmp/a"),
    callRecord({ fileId: 3, ret: 1n }),
    taskRecord({ taskId: 65536 + 1, tid: 11, comm: "tar" }),
    pathRecord(131072 + 3, "/etc/a"),
    callRecord({ taskId: 65536 + 1, fileId: 131072 + 3, ret: 2n }),
  );
  const batch = decoder.takeBatch()!;
  assert.deepEqual([batch.length, batch.columns.ret[0]], [1, 2n]);
});

Deno.test("a text path is judged like a file, one of two wanted paths is enough", () => {
  const { decoder, rejectedFiles } = decoding("path ~ ^/etc/");
  const rename = (path: string, oldPath: string) => textRecord({ nr: nr("rename") }, { path, oldPath });
  feed(
    decoder,
    rename("/tmp/a", "/tmp/b"),
    rename("/etc/a", "/tmp/b"),
    rename("/tmp/a", "/etc/b"),
    rename("/tmp/a", "/tmp/b"),
  );
  const batch = decoder.takeBatch()!;
  assert.equal(batch.length, 2);
  assert.deepEqual(pathsOf(batch, 0), { path: "/etc/a", oldPath: "/tmp/b" });
  assert.deepEqual(pathsOf(batch, 1), { path: "/tmp/a", oldPath: "/etc/b" });
  assert.deepEqual(rejectedFiles, [], "the kernel knows no text paths");
});

Deno.test("one unwanted path of two drops the row", () => {
  const { decoder } = decoding("not path ~ ^/tmp/");
  feed(
    decoder,
    textRecord({ nr: nr("rename") }, { path: "/etc/a", oldPath: "/tmp/b" }),
    textRecord({ nr: nr("rename") }, { path: "/etc/a", oldPath: "/etc/b" }),
    callRecord({ nr: nr("sync") }),
  );
  assert.equal(decoder.takeBatch()!.length, 2);
});

Deno.test("a gap runs from the last row that is shown: time of dropped calls is in it", () => {
  const { decoder } = decoding("not path ~ secret");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10 }),
    pathRecord(3, "/plain"),
    pathRecord(4, "/secret"),
    callRecord({ fileId: 3, enterNs: 100n, durationNs: 10n, gapNs: NO_NS }),
    callRecord({ fileId: 4, enterNs: 130n, durationNs: 5n, gapNs: 20n }),
    callRecord({ fileId: 4, enterNs: 136n, durationNs: 4n, gapNs: 1n }),
    callRecord({ fileId: 3, enterNs: 150n, durationNs: 1n, gapNs: 10n }),
    callRecord({ fileId: 3, enterNs: 153n, durationNs: 1n, gapNs: 2n }),
  );
  const { columns, length } = decoder.takeBatch()!;
  assert.equal(length, 3);
  assert.deepEqual([...columns.gapNs.subarray(0, 3)], [NaN, 40, 2]);
});

Deno.test("a thread whose first calls are dropped has no gap at its first shown one", () => {
  const { decoder } = decoding("not path ~ secret");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10 }),
    pathRecord(4, "/secret"),
    callRecord({ fileId: 4, gapNs: NO_NS }),
    callRecord({ fileId: 4, gapNs: 20n }),
    callRecord({ gapNs: 10n }),
    callRecord({ gapNs: 7n }),
  );
  const { columns } = decoder.takeBatch()!;
  assert.deepEqual([...columns.gapNs.subarray(0, 2)], [NaN, 7]);
});

Deno.test("dropped time belongs to its thread, through a change of name and a change of batch", () => {
  const { decoder } = decoding("not path ~ secret");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10, comm: "before" }),
    taskRecord({ taskId: 2, tid: 11 }),
    pathRecord(4, "/secret"),
    callRecord({ taskId: 1, gapNs: 1n }),
    callRecord({ taskId: 1, fileId: 4, enterNs: 1120n, gapNs: 20n, durationNs: 5n }),
    callRecord({ taskId: 2, gapNs: 3n }),
  );
  assert.deepEqual([...decoder.takeBatch()!.columns.gapNs.subarray(0, 2)], [1, 3]);
  feed(
    decoder,
    taskRecord({ taskId: 3, tid: 10, comm: "after" }),
    callRecord({ taskId: 3, enterNs: 1135n, gapNs: 10n }),
  );
  assert.equal(decoder.takeBatch()!.columns.gapNs[0], 35);
});

Deno.test("a dropped call that does not return counts with the time it took", () => {
  const { decoder } = decoding("not path ~ secret");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10 }),
    pathRecord(4, "/secret"),
    callRecord({ gapNs: 1n }),
    callRecord({ fileId: 4, flags: RecordFlag.NO_RETURN, enterNs: 1120n, gapNs: 20n, durationNs: 5n }),
    callRecord({ enterNs: 1135n, gapNs: 10n }),
  );
  assert.equal(decoder.takeBatch()!.columns.gapNs[1], 35);
});

Deno.test("a request to io_uring is in no gap, and ends none, shown or dropped", () => {
  const { decoder } = decoding("not path ~ secret");
  const request = (fileId: number) =>
    callRecord({ nr: URING_FIRST + 1, fileId, enterNs: 110n, durationNs: 50n });
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10 }),
    pathRecord(4, "/secret"),
    callRecord({ enterNs: 100n, durationNs: 10n, gapNs: 7n }),
    callRecord({ fileId: 4, enterNs: 130n, durationNs: 5n, gapNs: 20n }),
    request(0),
    request(4),
    callRecord({ enterNs: 150n, durationNs: 1n, gapNs: 15n }),
  );
  assert.deepEqual([...decoder.takeBatch()!.columns.gapNs.subarray(0, 3)], [7, NaN, 40]);
});

Deno.test("the gap of an interrupted call is before what its handler did, which is dropped", () => {
  const { decoder } = decoding("not path ~ secret");
  feed(
    decoder,
    taskRecord({ taskId: 1, tid: 10 }),
    pathRecord(4, "/secret"),
    callRecord({ enterNs: 100n, durationNs: 10n, gapNs: 7n }),
    callRecord({ fileId: 4, enterNs: 210n, durationNs: 5n, gapNs: 100n }),
    callRecord({ enterNs: 150n, durationNs: 150n, gapNs: 40n, ret: -4n }),
    callRecord({ enterNs: 310n, durationNs: 1n, gapNs: 10n }),
  );
  assert.deepEqual([...decoder.takeBatch()!.columns.gapNs.subarray(0, 3)], [7, 40, 10]);
});

Deno.test("calls still running are judged by their names", () => {
  const { decoder } = decoding("not comm ~ cat and path ~ ^/etc/");
  feed(
    decoder,
    pathRecord(3, "/etc/a"),
    pathRecord(4, "/tmp/a"),
    runningRecord({ pid: 1, comm: "tar", fileId: 3 }),
    runningRecord({ pid: 2, comm: "tar", fileId: 4 }),
    runningRecord({ pid: 3, comm: "tar" }),
    runningRecord({ pid: 4, comm: "cat", fileId: 3 }),
  );
  assert.deepEqual(decoder.takeRunning(0).map(({ pid }) => pid), [1]);
});

Deno.test("the file of a call that is still running is unknown when its place has another name by now", () => {
  const { decoder } = decoding();
  feed(
    decoder,
    pathRecord(3, "/fifo"),
    runningRecord({ pid: 1, fileId: 3 }),
    pathRecord(FILE_SLOTS + 3, "/made/later"),
    runningRecord({ pid: 2, fileId: 3 }),
    runningRecord({ pid: 3, fileId: FILE_SLOTS + 3 }),
    runningRecord({ pid: 4 }),
  );
  assert.deepEqual(decoder.takeRunning(0).map(({ pid, path }) => [pid, path]), [
    [1, "/fifo"],
    [2, UNKNOWN_NAME],
    [3, "/made/later"],
    [4, null],
  ]);
});

Deno.test("names that are not wanted do not pile up while no row is", () => {
  const { decoder } = decoding("path ~ wanted");
  let largest = 0;
  for (let i = 1; i <= 30_000; i++) {
    if (feed(decoder, fileRecord({ fileId: i }, leafFirst("f")), callRecord({ fileId: i }))) continue;
    largest = Math.max(largest, decoder.takeBatch()?.files.length ?? 0);
  }
  feed(decoder, pathRecord(5, "/wanted"), callRecord({ fileId: 5 }));
  largest = Math.max(largest, decoder.takeBatch()!.files.length);
  assert.ok(largest <= 8192, `${largest} names came at once`);
});
