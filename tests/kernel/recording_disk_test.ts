/** A disk that is full: what was whole is kept, the rest is counted, and nothing else ends. */
import assert from "node:assert/strict";
import { openRecording } from "../../engine/recording/open_recording.ts";
import { RecordingWriter } from "../../engine/recording/recording_writer.ts";
import { ROW_GROUP_ROWS } from "../../engine/recording/row_group.ts";
import { createColumns, type EventBatch } from "../../runtime/event_batch.ts";
import type { RecordingTarget } from "../../runtime/recording.ts";
import { random, taskName } from "../engine/batches.ts";
import { header, STARTED_NS } from "../engine/recording/fixture.ts";

const CALLS = 16_384;
const END = { header: header(), running: [] };

/** A file system in memory with room for so many kilobytes; gone at the end of the scope. */
function smallDisk(kilobytes: number): { path(name: string): string } & Disposable {
  const directory = Deno.makeTempDirSync({ prefix: "ior-disk-" });
  run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", directory);
  return {
    path: (name) => `${directory}/${name}`,
    [Symbol.dispose]: () => {
      run("umount", directory);
      Deno.removeSync(directory);
    },
  };
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Takes what room is left on a disk. */
function fill(path: string): void {
  using file = Deno.openSync(path, { write: true, createNew: true });
  for (let bytes = new Uint8Array(65_536); bytes.length > 0;) {
    try {
      file.writeSync(bytes);
    } catch {
      bytes = bytes.subarray(0, Math.floor(bytes.length / 2));
    }
  }
}

/** Full batches of values that compression makes little of. */
function* noise(count: number): Generator<EventBatch> {
  const next = random(1);
  const columns = createColumns(CALLS);
  for (let b = 0; b < count; b++) {
    for (let i = 0; i < CALLS; i++) {
      columns.nr[i] = 0;
      columns.task[i] = 1;
      columns.enterNs[i] = 1e6 * (b * CALLS + i);
      columns.durationNs[i] = Math.floor(next() * 2 ** 40);
      columns.gapNs[i] = Math.floor(next() * 2 ** 40);
      columns.bytes[i] = Math.floor(next() * 2 ** 40);
    }
    const tasks = b === 0 ? [taskName(1, 70)] : [];
    yield { length: CALLS, firstSeq: 1 + b * CALLS, epoch: 1, columns, tasks, files: [] };
  }
}

function start(target: RecordingTarget): RecordingWriter {
  const writer = new RecordingWriter({ arch: "x86_64", target, owner: null });
  writer.start({ startedWallNs: STARTED_NS, header: header() });
  return writer;
}

/** Asserts that the recording has rows 1 up to `rows`, and says that others are missing. */
async function assertHas(path: string, rows: number): Promise<void> {
  const recording = await openRecording([path]);
  assert.deepEqual([recording.rows, recording.header.loss.state], [rows, "unknown"]);
  assert.match(
    recording.notes.join(),
    /calls are missing from .*: Cannot write to .*: no space left on device/,
  );
  let seq = 1;
  for await (const { firstSeq, length } of recording.batches()) {
    assert.equal(firstSeq, seq);
    seq += length;
  }
  assert.equal(seq, rows + 1);
}

Deno.test("A full disk ends the recording with the reason, and whole row groups are kept under its name", async () => {
  using disk = smallDisk(9_000);
  const path = disk.path("rows.parquet");
  const writer = start({ kind: "file", path });
  for (const batch of noise(40)) writer.ingest(batch);
  assert.match(writer.status().lastError!, /^Cannot write to .*rows\.parquet: no space left on device$/);
  const status = await writer.stop(END);
  assert.equal(status.rows + status.dropped, 40 * CALLS);
  assert.ok(status.rows > 0 && status.rows % ROW_GROUP_ROWS === 0, `${status.rows} rows were kept`);
  assert.deepEqual([...Deno.readDirSync(disk.path(""))].map(({ name }) => name), ["rows.parquet"]);
  await assertHas(path, status.rows);
});

Deno.test("Where there is no room even for the end of the file, a row group makes room for it", async () => {
  using disk = smallDisk(9_000);
  const path = disk.path("rows.parquet");
  const writer = start({ kind: "file", path });
  for (const batch of noise(40)) writer.ingest(batch);
  const before = writer.status().rows;
  fill(disk.path("other"));
  const status = await writer.stop(END);
  assert.deepEqual([status.rows, status.rows + status.dropped], [before - ROW_GROUP_ROWS, 40 * CALLS]);
  await assertHas(path, status.rows);
});

Deno.test("Without room for one row group there is no file, and what it would have replaced stays", async () => {
  using disk = smallDisk(1_000);
  const path = disk.path("rows.parquet");
  Deno.writeTextFileSync(path, "before");
  const writer = start({ kind: "file", path });
  for (const batch of noise(9)) writer.ingest(batch);
  const status = await writer.stop(END);
  assert.deepEqual([status.rows, status.dropped], [0, 9 * CALLS]);
  assert.match(status.lastError!, /no space left on device/);
  assert.equal(Deno.readTextFileSync(path), "before");
  assert.deepEqual([...Deno.readDirSync(disk.path(""))].map(({ name }) => name), ["rows.parquet"]);
});

Deno.test("A disk that is full before the first byte is an error of the recording alone", async () => {
  using disk = smallDisk(100);
  const writer = start({ kind: "file", path: disk.path("rows.parquet") });
  fill(disk.path("other"));
  for (const batch of noise(2)) writer.ingest(batch);
  const status = await writer.stop(END);
  assert.deepEqual([status.rows, status.dropped], [0, 2 * CALLS]);
  assert.match(status.lastError!, /no space left on device/);
  assert.deepEqual([...Deno.readDirSync(disk.path(""))].map(({ name }) => name), ["other"]);
});

Deno.test("A full disk leaves the segments that are complete", async () => {
  using disk = smallDisk(9_000);
  const path = disk.path("segments");
  const limits = { segmentRows: 50_000, segmentBytes: 1e12, segmentNs: 1e15, keep: null };
  const writer = start({ kind: "directory", path, ...limits });
  for (const batch of noise(40)) writer.ingest(batch);
  const status = await writer.stop(END);
  assert.equal(status.rows + status.dropped, 40 * CALLS);
  assert.match(status.lastError!, /no space left on device/);
  assert.ok(status.rows > 0);
  const recording = await openRecording([path]);
  assert.deepEqual([recording.rows, recording.header.loss.state], [status.rows, "unknown"]);
});

Deno.test("A ring of segments goes on where all of them would not fit", async () => {
  using disk = smallDisk(9_000);
  const path = disk.path("segments");
  const limits = { segmentRows: 50_000, segmentBytes: 1e12, segmentNs: 1e15, keep: 2 };
  const writer = start({ kind: "directory", path, ...limits });
  for (const batch of noise(60)) {
    writer.ingest(batch);
    await writer.settled();
  }
  const status = await writer.stop(END);
  assert.deepEqual([status.dropped, status.lastError], [0, null]);
  assert.equal((await openRecording([path])).rows, status.rows);
});
