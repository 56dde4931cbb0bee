import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { RecordingWriter } from "../../../engine/recording/recording_writer.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { RecordingTarget } from "../../../runtime/recording.ts";
import { formatTime, timeAfter } from "../../../runtime/rfc3339.ts";
import { waitFor } from "../../wait.ts";
import { batchOf, taskName } from "../batches.ts";
import { header, record, replayed, scratch, STARTED_NS } from "./fixture.ts";

const START = { startedWallNs: STARTED_NS, header: header() };
const END = { header: header(), running: [] };

/** A batch of reads that begins with row `firstSeq`, a millisecond apart. */
function reads(length: number, firstSeq = 1) {
  return batchOf(
    Array.from({ length }, (_, i) => ({ nr: 0, enterNs: 1e6 * (firstSeq + i) })),
    { firstSeq, tasks: firstSeq === 1 ? [taskName(1, 70)] : [] },
  );
}

function writerOf(target: RecordingTarget, nowMs?: () => number): RecordingWriter {
  return new RecordingWriter({ arch: "x86_64", target, owner: null }, nowMs);
}

function directory(path: string, limits: Partial<Extract<RecordingTarget, { kind: "directory" }>> = {}) {
  const usual = { segmentRows: 1e9, segmentBytes: 1e12, segmentNs: 1e15, keep: null };
  return { kind: "directory", path, ...usual, ...limits } as const;
}

function names(path: string): string[] {
  return [...Deno.readDirSync(path)].flatMap((entry) =>
    entry.isDirectory ? names(`${path}/${entry.name}`).map((name) => `${entry.name}/${name}`) : [entry.name]
  ).sort();
}

Deno.test("A file has its name when it is complete, and not before", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const writer = writerOf({ kind: "file", path });
  assert.deepEqual(names(folder.path("")), []);
  writer.start(START);
  writer.ingest(reads(10));
  assert.deepEqual(writer.status(), { path, rows: 10, dropped: 0, lastError: null });
  assert.deepEqual(names(folder.path("")), []);
  assert.deepEqual(await writer.stop(END), { path, rows: 10, dropped: 0, lastError: null });
  assert.deepEqual(names(folder.path("")), ["a.parquet"]);
});

Deno.test("In a directory a run may follow another, with a start, numbers and failures of its own", async () => {
  using folder = scratch();
  const writer = writerOf(directory(folder.path("s")));
  const files: (string | undefined)[] = [];
  for (const startedWallNs of [STARTED_NS, STARTED_NS + 5_000_000_000n]) {
    const of = header({ started: formatTime(startedWallNs) });
    writer.start({ startedWallNs, header: of });
    writer.ingest({ ...reads(3), tasks: files.length === 0 ? [taskName(1, 70)] : [] });
    const { rows, lastError, file } = await writer.stop({ header: of, running: [] });
    assert.deepEqual([rows, lastError], [3 * (files.length + 1), null]);
    files.push(file);
  }
  assert.deepEqual(names(folder.path("s")).length, 2);
  for (const file of files) {
    const recording = await openRecording([file!]);
    assert.deepEqual([recording.rows, recording.complete, recording.notes], [3, true, []]);
  }
  const both = await openRecording([folder.path("s")]);
  assert.deepEqual([both.rows, both.complete, both.header.started], [6, true, header().started]);
  const keeping = writerOf(directory(folder.path("kept"), { keep: 1 }));
  for (const startedWallNs of [STARTED_NS, STARTED_NS + 1n]) {
    keeping.start({ startedWallNs, header: header() });
    keeping.ingest(reads(3));
    await keeping.stop(END);
  }
  assert.equal(names(folder.path("kept")).length, 1);
});

Deno.test("A recording without rows is a file all the same", async () => {
  using folder = scratch();
  await record(folder.path("none.parquet"), []);
  const recording = await openRecording([folder.path("none.parquet")]);
  assert.deepEqual([recording.rows, recording.complete, recording.header], [0, true, header()]);
  assert.deepEqual(await Array.fromAsync(recording.batches()), []);
});

Deno.test("A file that is given up leaves nothing, and the one it would have replaced", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  Deno.writeTextFileSync(path, "before");
  for (const begin of [false, true]) {
    const writer = writerOf({ kind: "file", path });
    if (begin) {
      writer.start(START);
      writer.ingest(reads(10));
    }
    await writer.discard();
    assert.deepEqual(names(folder.path("")), ["a.parquet"]);
  }
  assert.equal(Deno.readTextFileSync(path), "before");
});

Deno.test("A file that is replaced keeps its mode, and a link keeps pointing to it", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  Deno.writeTextFileSync(path, "before");
  Deno.chmodSync(path, 0o640);
  Deno.symlinkSync(path, folder.path("link"));
  await record(folder.path("link"), [reads(3)]);
  assert.equal(Deno.statSync(path).mode! & 0o7777, 0o640);
  assert.ok(Deno.lstatSync(folder.path("link")).isSymlink);
  assert.equal((await replayed(path)).length, 3);
});

Deno.test("A name that cannot be written to is refused at once", () => {
  using folder = scratch();
  Deno.writeTextFileSync(folder.path("file"), "");
  const refused: [RecordingTarget, RegExp][] = [
    [{ kind: "file", path: folder.path("none/a.parquet") }, /Cannot write .*none\/a.parquet: no such file/],
    [{ kind: "file", path: folder.path("") }, /Cannot write .*: it is a directory/],
    [{ kind: "file", path: "/dev/null" }, /Cannot write \/dev\/null: it is not a regular file/],
    [directory(folder.path("file")), /Cannot write .*file: /],
    [directory(folder.path("file/below")), /Cannot write .*file\/below: not a directory/],
  ];
  for (const [target, message] of refused) {
    assert.throws(
      () => writerOf(target),
      (error) => error instanceof IorError && error.code === "usage" && message.test(error.message),
    );
  }
  assert.deepEqual(names(folder.path("")), ["file"]);
});

Deno.test("Rows before the start and batches without names are refused or end the recording, with the reason", async () => {
  using folder = scratch();
  const writer = writerOf({ kind: "file", path: folder.path("a.parquet") });
  assert.throws(() => writer.ingest(reads(1)), /Cannot record: the recording was not started/);
  writer.start(START);
  writer.ingest(reads(5));
  writer.ingest(batchOf([{ nr: 0, task: 9 }], { firstSeq: 6 }));
  writer.ingest(reads(4, 7));
  const status = await writer.stop(END);
  assert.deepEqual([status.rows, status.dropped], [5, 5]);
  assert.match(status.lastError!, /Cannot name a task: slot 9/);
  const recording = await openRecording([folder.path("a.parquet")]);
  assert.deepEqual([recording.rows, recording.dropped, recording.header.loss.state], [5, 5, "unknown"]);
  assert.match(recording.notes[0], /^5 calls are missing from .*a\.parquet: Cannot name a task/);
});

Deno.test("Segments end at their rows, each a recording of its own below host and day", async () => {
  using folder = scratch();
  const path = folder.path("deep/segments");
  await record(directory(path, { segmentRows: 4 }), [reads(10), reads(3, 11)]);
  const files = names(path);
  const pattern = /^host=alpha\/date=2026-08-01\/ior-20260801T120304123456789Z-\d+-00000(\d)\.parquet$/;
  assert.deepEqual(files.map((name) => pattern.exec(name)?.[1]), ["1", "2", "3", "4"]);
  const rows = await Promise.all(files.map((name) => replayed(`${path}/${name}`)));
  assert.deepEqual(rows.map(({ length }) => length), [4, 4, 4, 1]);
  assert.deepEqual((await replayed(path)).map(({ seq }) => seq), Array.from({ length: 13 }, (_, i) => i + 1));
});

Deno.test("Segments end after their time, also when no rows come any more", async () => {
  using folder = scratch();
  let nowMs = 0;
  const writer = writerOf(directory(folder.path("s"), { segmentNs: 5e9 }), () => nowMs);
  writer.start(START);
  writer.tick();
  writer.ingest(reads(3));
  nowMs = 4_999;
  writer.tick();
  assert.equal(writer.status().rows, 3);
  nowMs = 5_000;
  writer.tick();
  nowMs = 60_000;
  writer.tick(); // no row, no segment
  writer.ingest(reads(2, 4));
  nowMs = 66_000;
  writer.ingest(reads(1, 6));
  writer.ingest(reads(1, 7));
  const status = await writer.stop(END);
  assert.deepEqual([status.rows, status.dropped, status.lastError], [7, 0, null]);
  const rows = await Promise.all(names(folder.path("s")).map((name) => replayed(folder.path(`s/${name}`))));
  assert.deepEqual(rows.map((part) => part.map(({ seq }) => seq)), [[1, 2, 3], [4, 5, 6], [7]]);
});

Deno.test("Segments end at their bytes, compared at the end of a row group", async () => {
  using folder = scratch();
  const target = directory(folder.path("s"), { segmentBytes: 1 });
  await record(target, Array.from({ length: 9 }, (_, i) => reads(16_384, 1 + 16_384 * i)));
  const rows = await Promise.all(
    names(folder.path("s")).map((name) => openRecording([folder.path(`s/${name}`)])),
  );
  assert.deepEqual(rows.map((recording) => recording.rows), [65_536, 65_536, 16_384]);
});

Deno.test("A ring keeps the newest segments, which is no loss, and says from when to when they cover", async () => {
  using folder = scratch();
  const status = await record(directory(folder.path("s"), { segmentRows: 2, keep: 3 }), [reads(20)]);
  assert.equal(status.rows, 6);
  const recording = await openRecording([folder.path("s")]);
  assert.deepEqual(
    (await Array.fromAsync(recording.batches())).map(({ firstSeq, length }) => [firstSeq, length]),
    [[15, 2], [17, 2], [19, 2]],
  );
  assert.deepEqual(
    [recording.complete, recording.header.loss.state, recording.notes],
    [true, "none", []],
  );
  const [first] = await replayed(folder.path("s"));
  const { started, wall_ns } = recording.header;
  assert.deepEqual(recording.header.covers, {
    from: timeAfter(started, first.timeNs + first.latencyNs!),
    to: timeAfter(started, wall_ns),
  });

  const [, middle] = names(folder.path("s"));
  Deno.removeSync(folder.path(`s/${middle}`));
  const holed = await openRecording([folder.path("s")]);
  assert.deepEqual([holed.complete, holed.header.loss.state], [false, "unknown"]);
  assert.match(holed.notes[0], /^1 of 4 segments of the recording of .* are missing$/);
});

Deno.test("With a quota the oldest segments go, those of earlier runs first and those of other hosts never", async () => {
  using folder = scratch();
  const path = folder.path("s");
  const limits = { segmentRows: 2000 };
  await record(directory(path, limits), [reads(8000)]);
  await record(directory(path, limits), [reads(2000)], { header: header({ host: "beta" }) });
  const bytes = () =>
    names(path).filter((name) => name.includes("alpha")).reduce(
      (sum, name) => sum + Deno.statSync(`${path}/${name}`).size,
      0,
    );
  const [earlier, maxBytes] = [names(path), Math.round(bytes() * 0.9)];
  const startedWallNs = STARTED_NS + 60_000_000_000n;
  const writer = writerOf(directory(path, { ...limits, maxBytes }));
  writer.start({ startedWallNs, header: header() });
  for (let from = 1; from <= 20_000; from += 2000) {
    writer.ingest(reads(2000, from));
    await writer.settled();
    assert.ok(bytes() <= maxBytes, `${bytes()} of ${maxBytes} bytes`);
  }
  const { rows, dropped, lastError } = await writer.stop(END);
  const left = names(path);
  assert.ok(bytes() <= maxBytes && bytes() > maxBytes / 2);
  assert.deepEqual(
    left.filter((name) => earlier.includes(name)),
    earlier.filter((name) => name.includes("beta")),
  );
  const recording = await openRecording([`${path}/host=alpha`]);
  assert.deepEqual([recording.rows, dropped, lastError], [rows, 0, null]);
  assert.deepEqual([recording.complete, recording.header.loss.state], [true, "none"]);
  assert.ok(recording.header.covers !== undefined);
});

Deno.test("A segment ends when it is cut, an empty one goes on, and a file cannot be cut", async () => {
  using folder = scratch();
  const writer = writerOf(directory(folder.path("s")));
  writer.start(START);
  writer.cut();
  for (const from of [1, 11]) {
    writer.ingest(reads(10, from));
    writer.cut();
    writer.cut();
  }
  await writer.settled();
  assert.equal(names(folder.path("s")).filter((name) => name.endsWith(".parquet")).length, 2);
  assert.equal((await writer.stop(END)).rows, 20);
  assert.equal((await openRecording([folder.path("s")])).rows, 20);
  const single = writerOf({ kind: "file", path: folder.path("a.parquet") });
  single.start(START);
  single.ingest(reads(10));
  single.cut();
  assert.equal((await single.stop(END)).rows, 10);
});

Deno.test("Without its end a run of segments is read as far as it goes, and its loss is unknown", async () => {
  using folder = scratch();
  const writer = writerOf(directory(folder.path("s"), { segmentRows: 2 }));
  writer.start(START);
  // Its length was last told before the rows came.
  const some = header({ wall_ns: 77, loss: { ...header().loss, state: "some", calls: 3 } });
  writer.update(some);
  writer.ingest(reads(5));
  // What a kill leaves: the segments that are complete, and the part of another one.
  await writer.discard();
  Deno.writeTextFileSync(folder.path("s/host=alpha/date=2026-08-01/.ior-x.parquet.part"), "PAR1");
  const recording = await openRecording([folder.path("s")]);
  assert.deepEqual([recording.rows, recording.complete, recording.header.wall_ns], [4, false, 5_000_100]);
  assert.equal(recording.header.loss.state, "unknown");
  assert.match(recording.notes[0], /is not the end of its recording/);
});

Deno.test("What had not returned is in the last file", async () => {
  using folder = scratch();
  const call = { pid: 7, tid: 8, comm: "cat", syscall: "read", path: null, ageNs: 9e9 };
  const writer = writerOf({ kind: "file", path: folder.path("a") });
  writer.start(START);
  await writer.stop({ header: header({ wall_ns: 1 }), running: [call] });
  const recording = await openRecording([folder.path("a")]);
  assert.deepEqual([recording.running, recording.header.wall_ns], [[{ ...call, asOfNs: 1 }], 1]);
});

/** Times a directory is read while it is written to. */
const READ_ROUNDS = 100;

Deno.test("A directory is read while its oldest segments go, and no call that is there is left out", async () => {
  using folder = scratch();
  const writer = writerOf(directory(folder.path("s"), { segmentRows: 2, keep: 3 }));
  writer.start(START);
  let next = 1;
  const write = () => {
    writer.ingest(reads(2, next));
    next += 2;
  };
  for (let i = 0; i < 10; i++) write();
  const covers = async () => (await openRecording([folder.path("s")]).catch(() => null))?.header.covers;
  await waitFor(covers, { timeoutMs: 60_000, what: "a segment that was removed" });
  let holes = 0;
  for (let round = 0; round < READ_ROUNDS; round++) {
    const opening = openRecording([folder.path("s")]);
    for (let i = 0; i < round % 4; i++) {
      await setImmediate();
      write();
    }
    const recording = await opening;
    const numbers: number[] = [];
    for await (const { firstSeq, length } of recording.batches()) {
      for (let i = 0; i < length; i++) numbers.push(firstSeq + i);
      if (round % 2 === 1) write();
    }
    const isWhole = numbers.every((seq, i) => seq === numbers[0] + i);
    const isSaid = recording.notes.some((note) => note.includes("was removed while"));
    assert.ok(isWhole || isSaid, `${numbers} ${recording.notes}`);
    if (isSaid) holes++;
    assert.ok(
      !recording.notes.some((note) => note.includes("segments of the recording")),
      recording.notes.join(),
    );
    assert.ok(recording.header.covers !== undefined);
  }
  await writer.stop(END);
  assert.ok(holes < READ_ROUNDS, `${holes}`);
  assert.equal((await openRecording([folder.path("s")])).header.loss.state, "none");
});
