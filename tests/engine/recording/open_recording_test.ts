import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { recordedFiles } from "../../../engine/recording/recorded_files.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { LossBy } from "../../../runtime/loss.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { parseTime, timeAfter } from "../../../runtime/rfc3339.ts";
import { batchOf, taskName } from "../batches.ts";
import { askDuckDb } from "./duckdb/ask.ts";
import {
  assertSameCounts,
  assertSameRows,
  batchesOf,
  header,
  ndjsonText,
  record,
  replayed,
  rowsOf,
  scratch,
  STARTED,
  STARTED_NS,
  tracedBatches,
} from "./fixture.ts";
import { random, testSeed } from "../batches.ts";

function failsWith(names: string[], message: RegExp): Promise<void> {
  return assert.rejects(
    async () => await Array.fromAsync((await openRecording(names)).batches()),
    (error) => error instanceof IorError && message.test(error.message),
  );
}

/** Columns of one row, as another writer may have them. */
const ONE_ROW: Record<string, [value: unknown, type: string]> = {
  latency_ns: [5n, "INT64"],
  seq: [1n, "INT64"],
  time_ns: [10n, "INT64"],
  tid: [8, "INT32"],
  pid: [7, "INT32"],
  comm: ["cat", "STRING"],
  uid: [0, "INT32"],
  syscall: ["read", "STRING"],
  ret: [3n, "INT64"],
};

/** A Parquet file of one row by the other library; `facts` are what it says of its recording. */
function foreign(
  columns: typeof ONE_ROW,
  members: Partial<ReportHeader> = {},
  facts: object = {},
): Uint8Array {
  const value = JSON.stringify({
    schema: "ior.recording/1",
    run: "x",
    header: header(members),
    running: [],
    rows: 1,
    dropped: 0,
    last_error: null,
    complete: true,
    ...facts,
  });
  return new Uint8Array(parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, [one, type]]) => (
      { name, data: [one], type: type as "INT64", nullable: false }
    )),
    kvMetadata: [{ key: "ior.recording", value }],
  }));
}

Deno.test("Columns may stand in another order, be more or fewer, and be written by others", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  Deno.writeFileSync(path, foreign({ later: ["new", "STRING"], ...ONE_ROW }));
  const [row] = await replayed(path);
  assert.deepEqual(
    [row.seq, row.timeNs, row.pid, row.tid, row.comm, row.syscall, row.ret, row.latencyNs, row.path, row.fd],
    [1, 10, 7, 8, "cat", "read", 3, 5, null, null],
  );
});

Deno.test("A column that is needed and missing, or of another type, is named", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const { tid: _tid, comm: _comm, ...fewer } = ONE_ROW;
  const wrong: [Uint8Array, RegExp][] = [
    [foreign(fewer), /Cannot read .*a\.parquet: it has no column tid, comm/],
    [foreign({ ...ONE_ROW, pid: ["7", "STRING"] }), /its column pid is of the type BYTE_ARRAY/],
    [foreign({ ...ONE_ROW, comm: [7, "INT32"] }), /its column comm is of the type INT32/],
    [foreign({ ...ONE_ROW, ret: [7, "INT32"] }), /its column ret is of the type INT32/],
    [foreign({ ...ONE_ROW, seq: [1.5, "DOUBLE"] }), /its column seq is of the type DOUBLE/],
    [
      foreign({ ...ONE_ROW, syscall: ["teleport", "STRING"] }),
      /it has calls of "teleport", which ior does not know/,
    ],
    [
      foreign(ONE_ROW, {}, { schema: "ior.recording/2" }),
      /has the schema "ior.recording\/2", ior reads ior.recording\/1/,
    ],
    [foreign(ONE_ROW, {}, { rows: 2 }), /it is a Parquet file that ior did not write/],
    [foreign(ONE_ROW, {}, { complete: "yes" }), /its complete is "yes", it must be true or false/],
    [foreign(ONE_ROW, { arch: "sparc" }), /its header.arch is "sparc", it must be one of x86_64, aarch64/],
    [foreign(ONE_ROW, { started: "noon" }), /its header.started is "noon", it must be a time of RFC 3339/],
  ];
  for (const [bytes, message] of wrong) {
    Deno.writeFileSync(path, bytes);
    await failsWith([path], message);
  }
});

Deno.test("A recording that DuckDB has written again reads the same, in each of its codecs", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const batches = Array.from({ length: 6 }, tracedBatches(random(testSeed())));
  await record(path, batches);
  const forms = ["snappy", "gzip", "brotli", "uncompressed"].map((
    codec,
  ) => [codec, folder.path(`${codec}.parquet`)]);
  await askDuckDb(
    forms.map(([codec, copy]) =>
      `copy (select * from '${path}' order by seq) to '${copy}' (format parquet, codec ${codec}, row_group_size 3000, ` +
      `kv_metadata { 'ior.recording': '${
        JSON.stringify({
          schema: "ior.recording/1",
          run: codec,
          header: header(),
          running: [],
          rows: rowsOf(batches).length,
          dropped: 0,
          last_error: null,
          complete: true,
        })
      }' })`
    ),
  );
  for (const [, copy] of forms) {
    assertSameRows(await replayed(copy), rowsOf(batches));
    assertSameCounts(await batchesOf(copy), batches);
  }
});

Deno.test("A recording whose times are of nanoseconds, as they were at first, reads as it was written", async () => {
  const path = fileURLToPath(new URL("nanoseconds.parquet", import.meta.url));
  const rows = rowsOf([tracedBatches(random(12), 90)()]);
  // Rows had neither control group nor group then.
  assertSameRows(await replayed(path), rows.map((row) => ({ ...row, cgroup: null, gid: null })));
});

/** Ways in which DuckDB writes rows again: what it selects, and its options. */
const REWRITTEN: Record<string, [select: string, options: string]> = {
  "as it is": ["*", "format parquet"],
  "in another order of columns, with more and without some": [
    "'x' as host, * exclude (family, failed, errno, process_start_ns)",
    "format parquet",
  ],
  "with pages of the second version": ["*", "format parquet, parquet_version v2, row_group_size 2048"],
  "without dictionaries": ["*", "format parquet, dictionary_size_limit 1, compression uncompressed"],
  "second version without dictionaries": [
    "*",
    "format parquet, parquet_version v2, dictionary_size_limit 1, compression zstd",
  ],
  "with times of nanoseconds": [
    `* replace (make_timestamp_ns(time_ns + ${STARTED_NS}) as time)`,
    "format parquet, compression gzip",
  ],
  "with its microseconds as nanoseconds": ["* replace (time::timestamp_ns as time)", "format parquet"],
};

Deno.test("A recording that DuckDB has written again without what ours says of its run has all its rows and its start", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const batches = Array.from({ length: 4 }, tracedBatches(random(testSeed())));
  await record(path, batches);
  const copies = Object.entries(REWRITTEN).map(([name, form], i) => ({
    name,
    form,
    copy: folder.path(`${i}`),
  }));
  await askDuckDb(
    copies.map(({ form: [select, options], copy }) =>
      `copy (select ${select} from '${path}') to '${copy}' (${options})`
    ),
  );
  const wanted = rowsOf(batches);
  for (const { name, copy } of copies) {
    const recording = await openRecording([copy]);
    assertSameRows(rowsOf(await Array.fromAsync(recording.batches())), wanted);
    const { started, host, loss, wall_ns } = recording.header;
    assert.deepEqual([host, loss.state], ["unknown", "unknown"], name);
    // The rows tell the start to the unit of their time, here a microsecond at most; the earliest is taken.
    const earlyNs = STARTED_NS - parseTime(started)!;
    assert.ok(0n <= earlyNs && earlyNs < 1000n, `${name}: ${started}`);
    assert.equal(wall_ns, Math.max(...wanted.map(({ timeNs, latencyNs }) => timeNs + (latencyNs ?? 0))));
    assert.match(recording.notes[0], /was rewritten by another program/);
  }
});

Deno.test("A part of the rows that still says what ior says of all of them is read, and its loss is unknown", async () => {
  using folder = scratch();
  const [path, part] = ["a.parquet", "part"].map(folder.path);
  const batches = Array.from({ length: 2 }, tracedBatches(random(testSeed())));
  await record(path, batches);
  const facts = {
    schema: "ior.recording/1",
    run: "a",
    header: header(),
    running: [],
    rows: rowsOf(batches).length,
  };
  const kept = JSON.stringify({ ...facts, dropped: 0, last_error: null, complete: true }).replaceAll(
    "'",
    "''",
  );
  await askDuckDb([
    `copy (select * from '${path}' where failed order by seq) to '${part}' ` +
    `(format parquet, kv_metadata { 'ior.recording': '${kept}' })`,
  ]);
  const recording = await openRecording([part]);
  const wanted = rowsOf(batches).filter(({ failed }) => failed);
  assert.ok(wanted.length > 0);
  assertSameRows(rowsOf(await Array.fromAsync(recording.batches())), wanted);
  assert.equal(recording.header.loss.state, "unknown");
  assert.match(recording.notes[0], /was rewritten by another program/);
});

Deno.test("Rows of several traces in one file that says nothing of them are refused", async () => {
  using folder = scratch();
  const [first, second, both] = ["a", "b", "both"].map(folder.path);
  const batch = tracedBatches(random(4))();
  await record(first, [batch]);
  await record(second, [batch], {
    header: header({ started: "2026-08-01T12:03:05.1Z" }),
    startedWallNs: STARTED_NS + 976_543_211n,
  });
  await askDuckDb([
    `copy (select * from read_parquet(['${first}', '${second}'])) to '${both}' (format parquet)`,
  ]);
  await failsWith([both], /it has rows of several traces without their facts/);
});

Deno.test("Files, directories and patterns may be named, each file counts once", async () => {
  using folder = scratch();
  const batch = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });
  Deno.mkdirSync(folder.path("d/host=a"), { recursive: true });
  const second = { header: header({ started: "2026-08-01T12:03:05Z" }), startedWallNs: STARTED_NS };
  await record(folder.path("d/one.parquet"), [batch]);
  await record(folder.path("d/host=a/two.parquet"), [batch], second);
  Deno.writeTextFileSync(folder.path("d/notes.txt"), "not looked at");
  Deno.writeTextFileSync(folder.path("d/.three.parquet.part"), "not complete");
  Deno.symlinkSync(folder.path("d/one.parquet"), folder.path("link"));
  for (
    const names of [["d"], ["d/one.parquet", "d/host=a/two.parquet"], ["d/**/*.parquet"], [
      "d",
      "d/*.parquet",
      "link",
    ]]
  ) {
    const { rows } = await openRecording(names.map((name) => folder.path(name)));
    assert.equal(rows, 2, names.join(" "));
  }
});

/** A directory with a recording of some segments of two rows each, the paths of the segments in their order. */
async function recordSegments(directory: string, count: number, run = {}): Promise<string[]> {
  const limits = { segmentRows: 2, segmentBytes: 1e12, segmentNs: 1e15, keep: null };
  const calls = Array.from({ length: 2 * count }, (_, i) => ({ nr: 0, enterNs: 1_000 * i, durationNs: 10 }));
  const batch = batchOf(calls, { tasks: [taskName(1, 70)] });
  await record({ kind: "directory", path: directory, ...limits }, [batch], run);
  return (await recordedFiles([directory])).paths;
}

Deno.test("Segments removed after a directory was opened make the time shorter that it covers", async () => {
  using folder = scratch();
  const segments = await recordSegments(folder.path("d"), 3);
  const recording = await openRecording([folder.path("d")]);
  assert.deepEqual([recording.rows, recording.header.covers], [6, undefined]);
  Deno.removeSync(segments[0]);
  assert.equal(rowsOf(await Array.fromAsync(recording.batches())).length, 4);
  assert.deepEqual([recording.complete, recording.notes], [true, []]);
  assert.deepEqual(recording.header.covers, { from: timeAfter(STARTED, 2_010), to: timeAfter(STARTED, 5e9) });
  await failsWith([segments[0]], /no such file or directory$/);
  for (const path of segments.slice(1)) Deno.removeSync(path);
  assert.equal(rowsOf(await Array.fromAsync(recording.batches())).length, 0);
});

Deno.test("A segment removed behind one that has been read is said to be missing", async () => {
  using folder = scratch();
  const segments = await recordSegments(folder.path("d"), 3);
  const recording = await openRecording([folder.path("d")]);
  let rows = 0;
  for await (const { length } of recording.batches()) {
    rows += length;
    if (rows === 2) Deno.removeSync(segments[1]);
  }
  assert.deepEqual([rows, recording.complete, recording.header.loss.state], [4, false, "unknown"]);
  assert.deepEqual(recording.notes, [
    `${segments[1]} was removed while the recording was read: its calls are missing`,
  ]);
});

Deno.test("What a directory or a pattern has and what cannot be read is a note, and the loss is unknown", async () => {
  using folder = scratch();
  await recordSegments(folder.path("d"), 2);
  const broken: [name: string, make: (path: string) => void, note: string][] = [
    [
      "dangling.parquet",
      (path) => Deno.symlinkSync("gone", path),
      "it is a link to a file that does not exist",
    ],
    ["loop.parquet", (path) => Deno.symlinkSync("loop.parquet", path), "too many levels of symbolic links"],
    [
      "pipe.parquet",
      (path) => assert.ok(new Deno.Command("mkfifo", { args: [path] }).outputSync().success),
      "it is not a regular file",
    ],
  ];
  for (const [name, make, note] of broken) {
    const path = folder.path(`d/${name}`);
    make(path);
    for (const named of ["d", "d/**/*.parquet"]) {
      const recording = await openRecording([folder.path(named)]);
      assert.deepEqual([recording.rows, recording.header.loss.state], [4, "unknown"], `${name} by ${named}`);
      assert.equal(recording.notes.length, 1);
      assert.ok(recording.notes[0].startsWith(`${path} is left out: ${note}`), recording.notes[0]);
    }
    await failsWith([path], new RegExp(`Cannot read .*${name}: `));
    Deno.removeSync(path);
  }
});

Deno.test("A damaged file of a directory is an error that names it, and says how to read the rest", async () => {
  using folder = scratch();
  await recordSegments(folder.path("d"), 2);
  const path = folder.path("d/cut.parquet");
  Deno.writeTextFileSync(path, "PAR1 and no end");
  await assert.rejects(() => openRecording([folder.path("d")]), (error: IorError) => {
    assert.match(error.message, /^Cannot read .*\/d\/cut\.parquet: it does not end with PAR1/);
    assert.match(error.hint ?? "", /move damaged files out of it to read the rest$/);
    return true;
  });
  Deno.removeSync(path);
  assert.equal((await openRecording([folder.path("d")])).rows, 4);
});

Deno.test("Of several recordings the first says from when on it covers its run, a later one in a note", async () => {
  using folder = scratch();
  const later = {
    header: header({ started: "2026-08-01T12:03:14Z" }),
    startedWallNs: STARTED_NS + 10n ** 10n,
  };
  const segments = [
    await recordSegments(folder.path("a"), 2),
    await recordSegments(folder.path("b"), 2, later),
  ];
  for (const [oldest] of segments) Deno.removeSync(oldest);
  const recording = await openRecording([folder.path("b"), folder.path("a")]);
  assert.deepEqual(recording.header.covers, {
    from: timeAfter(STARTED, 2_010),
    to: timeAfter("2026-08-01T12:03:14Z", 5e9),
  });
  assert.equal(recording.header.loss.state, "none");
  assert.deepEqual(recording.notes, [
    `The recording of ${
      segments[1].at(-1)
    } begins at 2026-08-01T12:03:14.000002010Z: older segments were removed`,
  ]);
});

Deno.test("A start without a fraction and kinds of loss that an older ior did not know are as they are written today", async () => {
  using folder = scratch();
  const old = (started: string) =>
    header({ started, loss: { state: "some", calls: 2, by: { ring_full: 2 } as LossBy } });
  await record(folder.path("a"), [], { header: old("2026-08-01T12:03:04Z") });
  await record(folder.path("b"), [], { header: old("2026-08-01T12:03:05.5Z") });
  for (const names of [["a"], ["a", "b"]]) {
    const { header: { started, loss } } = await openRecording(names.map((name) => folder.path(name)));
    assert.equal(started, "2026-08-01T12:03:04.000000000Z");
    const by = { ring_full: 2 * names.length, storage_full: 0, skipped: 0, compat_32bit: 0 };
    assert.deepEqual(loss, { state: "some", calls: 2 * names.length, by });
  }
});

Deno.test("Calls that were added up without their names are in no recording", async () => {
  using folder = scratch();
  const { loss } = header();
  const sampling = { rates: {}, raised: { read: 64 }, calls: 90, by: { read: 90 }, counted: false };
  await record(folder.path("a"), [], { header: header({ loss: { ...loss, unnamed: 80 }, sampling }) });
  Deno.writeTextFileSync(
    folder.path("b"),
    ndjsonText([], header({ started: timeAfter(STARTED, 9), loss: { ...loss, unnamed: 7 }, sampling })),
  );
  for (const names of [["a"], ["b"], ["a", "b"]]) {
    const recording = await openRecording(names.map((name) => folder.path(name)));
    assert.deepEqual(recording.header.loss, loss);
    assert.equal(recording.header.sampling!.calls, 90 * names.length);
  }
});

Deno.test("A copy of a file counts once too", async () => {
  using folder = scratch();
  await record(folder.path("a.parquet"), [batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] })]);
  Deno.copyFileSync(folder.path("a.parquet"), folder.path("b.parquet"));
  const recording = await openRecording([folder.path("a.parquet"), folder.path("b.parquet")]);
  assert.deepEqual([recording.rows, recording.complete], [1, true]);
  assert.match(recording.notes[0], /^1 copies of files .* are left out$/);
});

Deno.test("Several recordings follow each other in the order of their start, with one clock and processes kept apart", async () => {
  using folder = scratch();
  const batch = () =>
    batchOf([{ nr: 0, enterNs: 5 }, { nr: 1, enterNs: 9, ret: -2n }], { tasks: [taskName(1, 70)], epoch: 1 });
  const some = { ring_full: 2, storage_full: 0, skipped: 1, compat_32bit: 0 };
  const later = header({
    started: "2026-08-01T12:03:14.123456789Z",
    host: "beta",
    wall_ns: 2e9,
    command: ["cp"],
    loss: { state: "some", calls: 3, by: some },
    io_uring_requests: [{ pid: 5, requests: 6 }],
  });
  await record(folder.path("later"), [batch()], { header: later });
  await record(folder.path("first"), [batch()]);
  const recording = await openRecording([folder.path("later"), folder.path("first")]);
  assert.deepEqual(recording.header, {
    ...header(),
    host: "alpha, beta",
    command: null,
    wall_ns: 12e9,
    traced_ns: 7e9,
    loss: { state: "some", calls: 3, by: some },
    cost: { cpu_ns: 2_000_000, bpf_ns_per_call: null, bpf_ns_per_run: null, max_rss_bytes: 90_000_000 },
    io_uring_requests: [{ pid: 5, requests: 6 }],
  });
  assert.equal(recording.startedWallNs, STARTED_NS);
  const batches = await Array.fromAsync(recording.batches());
  assert.deepEqual(rowsOf(batches).map(({ seq, timeNs }) => [seq, timeNs]), [[1, 5], [2, 9], [3, 1e10 + 5], [
    4,
    1e10 + 9,
  ]]);
  assert.deepEqual(batches.flatMap(({ tasks }) => tasks.map((task) => task.processStartNs)), [
    -5_000,
    1e10 - 5_000,
  ]);
});

Deno.test("Recordings of two machines' call numbers are not put together", async () => {
  using folder = scratch();
  await record(folder.path("a"), []);
  await record(folder.path("b"), [], {
    header: header({ arch: "aarch64", started: "2026-08-02T00:00:00Z" }),
  });
  await failsWith(
    [folder.path("a"), folder.path("b")],
    /it is of aarch64, .* is of x86_64, and call numbers differ/,
  );
});

Deno.test("Batches end where the filter changes, and rows keep their numbers where some are missing", async () => {
  using folder = scratch();
  const tasks = [taskName(1, 70)];
  const calls = [{ nr: 0 }, { nr: 0 }];
  await record(folder.path("a"), [
    batchOf(calls, { tasks, epoch: 1 }),
    batchOf(calls, { firstSeq: 3, epoch: 1 }),
    batchOf(calls, { firstSeq: 9, epoch: 1 }),
    batchOf(calls, { firstSeq: 11, epoch: 2 }),
  ]);
  const batches = await batchesOf(folder.path("a"));
  assert.deepEqual(
    batches.map(({ firstSeq, length, epoch, seqs }) => [firstSeq, length, epoch, seqs && [...seqs]]),
    [[1, 6, 1, [1, 2, 3, 4, 9, 10]], [11, 2, 2, undefined]],
  );
  assert.deepEqual(rowsOf(batches).map(({ seq }) => seq), [1, 2, 3, 4, 9, 10, 11, 12]);
  await record(folder.path("b"), batches);
  assertSameRows(await replayed(folder.path("b")), rowsOf(batches));
});

Deno.test("A pattern, a file and standard input are read together", async () => {
  using folder = scratch();
  const make = tracedBatches(random(3), 100);
  const batches = [make(), make()];
  await record(folder.path("a"), []);
  const later = ndjsonText(batches).replace("2026-08-01T12:03:04", "2026-08-01T12:03:05");
  const stdin = new Blob([later]).stream();
  const recording = await openRecording([folder.path("a"), "-"], stdin);
  assert.deepEqual([recording.rows, recording.complete], [null, false]);
  const rows = rowsOf(await Array.fromAsync(recording.batches()));
  assert.deepEqual([recording.rows, recording.complete], [rows.length, true]);
  assertSameRows(rows.map((row) => ({ ...row, timeNs: row.timeNs - 1e9 })), rowsOf(batches));
});

Deno.test("Columns that are given back are filled again", async () => {
  using folder = scratch();
  await record(folder.path("a"), Array.from({ length: 30 }, tracedBatches(random(5))));
  const recording = await openRecording([folder.path("a")]);
  const buffers = new Set<ArrayBufferLike>();
  let batches = 0;
  for await (const batch of recording.batches()) {
    batches++;
    buffers.add(batch.columns.nr.buffer);
    recording.recycle(batch.columns);
  }
  assert.ok(batches > 1);
  assert.equal(buffers.size, 1);
});

Deno.test("What had not returned is as old as it was at the end of its own run", async () => {
  using folder = scratch();
  const names = [0, 5_000].map((startNs, i) => {
    const call = { pid: 70 + i, tid: 70 + i, comm: "cat", syscall: "read", path: null, ageNs: 30 - i };
    const text = ndjsonText([], header({ wall_ns: 100 + i }), [call]);
    const path = folder.path(`${i}.ndjson`);
    Deno.writeTextFileSync(path, text.replaceAll(STARTED, timeAfter(STARTED, startNs)));
    return path;
  });
  const { running } = await openRecording(names.toReversed());
  assert.deepEqual(running.map(({ pid, ageNs, asOfNs }) => [pid, ageNs, asOfNs]), [[70, 30, 100], [
    71,
    29,
    5_101,
  ]]);
});
