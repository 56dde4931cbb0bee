import assert from "node:assert/strict";
import { parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
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
      /is of the form "ior.recording\/2", ior reads ior.recording\/1/,
    ],
    [foreign(ONE_ROW, {}, { rows: 2 }), /it has 1 rows, 2 were recorded/],
    [foreign(ONE_ROW, {}, { complete: "yes" }), /not as expected: complete is "yes"/],
    [foreign(ONE_ROW, { arch: "sparc" }), /not as expected: arch is "sparc"/],
    [foreign(ONE_ROW, { started: "noon" }), /not as expected: started is "noon"/],
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

Deno.test("Batches end where numbers have a hole or the filter changes", async () => {
  using folder = scratch();
  const tasks = [taskName(1, 70)];
  const calls = [{ nr: 0 }, { nr: 0 }];
  await record(folder.path("a"), [
    batchOf(calls, { tasks, epoch: 1 }),
    batchOf(calls, { firstSeq: 3, epoch: 1 }),
    batchOf(calls, { firstSeq: 9, epoch: 1 }),
    batchOf(calls, { firstSeq: 11, epoch: 2 }),
  ]);
  assert.deepEqual(
    (await batchesOf(folder.path("a"))).map(({ firstSeq, length, epoch }) => [firstSeq, length, epoch]),
    [[1, 4, 1], [9, 2, 1], [11, 2, 2]],
  );
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
