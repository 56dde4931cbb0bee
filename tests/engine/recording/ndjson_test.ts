import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { isRecording } from "../../../engine/recording/is_recording.ts";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { IorError } from "../../../runtime/errors.ts";
import { columnsBuffer, EventFlag, isStartKnown } from "../../../runtime/event_batch.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import {
  assertSameRows,
  batchesOf,
  header,
  ndjsonText,
  replayed,
  rowsOf,
  scratch,
  tracedBatches,
} from "./fixture.ts";

function written(text: string): { path: string } & Disposable {
  const folder = scratch();
  const path = folder.path("rows.ndjson");
  Deno.writeTextFileSync(path, text);
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

async function refused(text: string): Promise<string> {
  using file = written(text);
  let message = "";
  await assert.rejects(() => replayed(file.path), (error) => {
    if (!(error instanceof IorError)) return false;
    message = error.message;
    return message.startsWith(`Cannot read ${file.path}: `);
  });
  return message;
}

const ONE = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });

Deno.test("Rows of a stream are read as they were written, 64-bit values too", async () => {
  const batches = Array.from({ length: 20 }, tracedBatches(random(testSeed())));
  const edges = batchOf(
    [
      { nr: 0, ret: 2n ** 63n - 1n },
      { nr: 0, ret: -(2n ** 63n), flags: EventFlag.PATH_FAULT },
      { nr: 0, ret: -9_007_199_254_740_993n },
      { nr: 231, flags: EventFlag.NO_RETURN, durationNs: NaN },
      { nr: 0, flags: EventFlag.KILLED, durationNs: 3 },
    ],
    { tasks: [taskName(1, 70, { comm: '"ret": -12345678901234567890' })], firstSeq: 1_000_000, epoch: 1 },
  );
  using file = written(ndjsonText([...batches, edges]));
  assertSameRows(await replayed(file.path), rowsOf([...batches, edges]));
});

Deno.test("The header is that of the stream, and the end record completes it", async () => {
  const end = header({
    wall_ns: 123,
    traced_ns: 100,
    command_status: { signal: "SIGTERM" },
    io_uring_requests: [],
  });
  using file = written(ndjsonText([ONE], end));
  const recording = await openRecording([file.path]);
  assert.deepEqual(recording.header, end);
  assert.deepEqual([recording.complete, recording.notes], [true, []]);
});

Deno.test("The start of a process is not known of rows, and each run has processes of its own", async () => {
  const [first, second] = ["2026-08-01T12:03:14Z", "2026-08-01T12:03:15Z"].map((started) =>
    written(ndjsonText([ONE]).replace(/"started":"[^"]*"/, `"started":"${started}"`))
  );
  using _files = { [Symbol.dispose]: () => [first, second].forEach((file) => file[Symbol.dispose]()) };
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 9, maxProcesses: 9, maxSlowest: 0, by: [] });
  for (const batch of await batchesOf(first.path, second.path)) engine.ingest(batch);
  const { processes } = engine.snapshot();
  assert.deepEqual(processes.map(({ pid, startedNs }) => [pid, isStartKnown(startedNs)]), [[70, false], [
    70,
    false,
  ]]);
});

Deno.test("Without an end record the loss is unknown, and the time is that of the last exit", async () => {
  using file = written(
    ndjsonText([batchOf([{ nr: 0, enterNs: 50, durationNs: 7 }], { tasks: [taskName(1, 70)] })], null),
  );
  const recording = await openRecording([file.path]);
  await Array.fromAsync(recording.batches());
  assert.deepEqual(
    [recording.complete, recording.header.loss.state, recording.header.wall_ns, recording.rows],
    [false, "unknown", 57, 1],
  );
  assert.match(recording.notes[0], /has no end record: what came later is missing/);
});

Deno.test("Rows that the end record counts and that are not there are a note, and the loss is unknown", async () => {
  const rows = batchOf(Array.from({ length: 5 }, () => ({ nr: 0 })), { tasks: [taskName(1, 70)] });
  const lines = ndjsonText([rows]).split("\n");
  using folder = scratch();
  const path = folder.path("rows");
  Deno.writeTextFileSync(path, lines.toSpliced(2, 2).join("\n"));
  const recording = await openRecording([path]);
  for (let reading = 0; reading < 2; reading++) {
    assert.equal((await Array.fromAsync(recording.batches()))[0].length, 3);
    assert.deepEqual([recording.complete, recording.header.loss.state, recording.notes], [
      false,
      "unknown",
      [`2 of 5 rows of ${path} are missing`],
    ]);
  }
});

Deno.test("A last line that was cut is left out, with a note", async () => {
  const text = ndjsonText([batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 70)] })], null);
  using file = written(text.slice(0, -20));
  const recording = await openRecording([file.path]);
  assert.equal(rowsOf(await Array.fromAsync(recording.batches())).length, 1);
  assert.match(recording.notes[1], /^Line 3 of .* is truncated and left out$/);
});

Deno.test("Warnings and empty lines are passed over, unknown members are left alone", async () => {
  const [first, row, ...rest] = ndjsonText([ONE]).split("\n");
  const warning =
    '{"type":"warning","seq":0,"time":"2026-08-01T12:03:04Z","time_ns":0,"warning":"3 calls were lost"}';
  using file = written([first, warning, "", row.replace("{", '{"later":[1],'), ...rest].join("\n"));
  assertSameRows(await replayed(file.path), rowsOf([ONE]));
});

Deno.test("A wrong line is named by its number, with what was found and wanted", async () => {
  const [first, row, end] = ndjsonText([ONE]).split("\n");
  const cases: [line: string, message: RegExp][] = [
    ["nonsense", /line 3 is wrong, it is not a JSON object: "nonsense"/],
    ["[1]", /line 3 is wrong, it is not a JSON object/],
    ["{}", /line 3 is wrong, its seq is missing, it must be a whole number/],
    [row.replace('"pid":70', '"pid":"70"'), /line 3 is wrong, its pid is "70", it must be a whole number/],
    [row.replace('"comm":"task70"', '"comm":null'), /line 3 is wrong, its comm is null, it must be text/],
    [
      row.replace('"fd":null', '"fd":1.5'),
      /line 3 is wrong, its fd is 1.5, it must be null or a whole number/,
    ],
    [
      end.replace('"state":"none"', '"state":"little"'),
      /line 3 is wrong, its loss.state is "little", it must be "none" or "some" or "unknown"/,
    ],
    [
      end.replace('"calls":1', '"calls":[{"toString":1}]'),
      /line 3 is wrong, its calls is a list, it must be a whole number/,
    ],
  ];
  for (const [line, message] of cases) {
    assert.match(await refused([first, row, line, row, ""].join("\n")), message);
  }
  assert.match(
    await refused([first, row.replace('"seq"', `"path_raw":"*","seq"`), ""].join("\n")),
    /a raw path is not base64: "\*"/,
  );
  assert.match(
    await refused([first, row.replace('"read"', '"teleport"'), ""].join("\n")),
    /calls of "teleport"/,
  );
  assert.match(await refused(`${first}\n${"x".repeat(2 ** 21)}`), /a line has more than 1048576 characters/);
});

Deno.test("Parquet where only rows can be read, in a pipe or compressed, is refused by its name", async () => {
  const bytes = new TextEncoder().encode("PAR1\x15\0\x15\n");
  const why = "it is Parquet, which can only be read from a file, uncompressed";
  for (const piped of [bytes, gzipSync(bytes)]) {
    await assert.rejects(() => openRecording(["-"], ReadableStream.from([piped])), {
      message: `Cannot read standard input: ${why}`,
    });
  }
  using folder = scratch();
  const path = folder.path("run.parquet.gz");
  Deno.writeFileSync(path, gzipSync(bytes));
  await assert.rejects(() => openRecording([path]), { message: `Cannot read ${path}: ${why}` });
});

Deno.test("Lines may be cut anywhere between two reads", async () => {
  const text = new TextEncoder().encode(ndjsonText([tracedBatches(random(9), 60)()]));
  const whole = rowsOf(
    await Array.fromAsync((await openRecording(["-"], new Blob([text]).stream())).batches()),
  );
  const bytewise = new ReadableStream({
    start(controller) {
      for (let at = 0; at < text.length; at += 7) controller.enqueue(text.subarray(at, at + 7));
      controller.close();
    },
  });
  const parts = await openRecording(["-"], bytewise);
  assertSameRows(rowsOf(await Array.fromAsync(parts.batches())), whole);
});

Deno.test("Rows of gzip and Zstandard are read by their content, from a file and from a stream", async () => {
  const make = tracedBatches(random(11));
  const text = new TextEncoder().encode(ndjsonText(Array.from({ length: 4 }, make))); // several blocks of Zstandard
  const plain = await openRecording(["-"], new Blob([text]).stream());
  const wanted = rowsOf(await Array.fromAsync(plain.batches()));
  using folder = scratch();
  for (const [name, compress] of Object.entries({ gzip: gzipSync, zstd: zstdCompressSync })) {
    const bytes = new Uint8Array(compress(text));
    const path = folder.path(name);
    Deno.writeFileSync(path, bytes);
    assert.equal(await isRecording(path), true, name);
    for (
      const recording of [await openRecording([path]), await openRecording(["-"], new Blob([bytes]).stream())]
    ) {
      assertSameRows(rowsOf(await Array.fromAsync(recording.batches())), wanted);
      assert.deepEqual([recording.complete, recording.notes, recording.header], [
        true,
        [],
        header({ io_uring_requests: [] }),
      ], name);
    }
    Deno.writeFileSync(path, bytes.subarray(0, 0.8 * bytes.length));
    const cut = await openRecording([path]);
    const rest = rowsOf(await Array.fromAsync(cut.batches()));
    assert.ok(rest.length > 0 && rest.length < wanted.length);
    assert.deepEqual([cut.complete, cut.notes.at(-1)], [
      false,
      `${path} has no end record: what came later is missing`,
    ]);
    Deno.writeFileSync(
      path,
      new Uint8Array(compress(new TextEncoder().encode('{"schema":"ior.report/1"}\n'))),
    );
    assert.equal(await isRecording(path), false, name);
  }
});

Deno.test("Rows in several pieces, each compressed by itself, are read as one text", async () => {
  const rows = batchOf(Array.from({ length: 9_000 }, () => ({ nr: 0 })), { tasks: [taskName(1, 70)] });
  const text = new TextEncoder().encode(ndjsonText([rows]));
  using folder = scratch();
  const path = folder.path("pieces");
  for (const compress of [gzipSync, zstdCompressSync]) {
    for (const pieces of [2, 9]) {
      const step = Math.ceil(text.length / pieces);
      const parts = Array.from({ length: pieces }, (_, i) => {
        return new Uint8Array(compress(text.subarray(i * step, (i + 1) * step)));
      });
      await Deno.writeFile(path, new Blob(parts).stream());
      assertSameRows(await replayed(path), rowsOf([rows]));
    }
  }
});

Deno.test("Compressed bytes that never end are refused", async () => {
  const bomb = new Uint8Array(
    zstdCompressSync(new TextEncoder().encode(ndjsonText([ONE]) + "\n".repeat(2 ** 25))),
  );
  using folder = scratch();
  Deno.writeFileSync(folder.path("bomb"), bomb);
  await assert.rejects(replayed(folder.path("bomb")), /compressed bytes grow more than 1000 times/);
});

Deno.test("Rows of which a filter has left some cost no more than all of them: few batches, whatever their numbers", async () => {
  const calls = Array.from({ length: 40_000 }, () => ({ nr: 0 }));
  const [first, ...lines] = ndjsonText([batchOf(calls, { tasks: [taskName(1, 70)] })]).split("\n");
  const filtered = lines.filter((_, i) => i % 2 === 0 || i >= calls.length);
  using file = written([first, ...filtered].join("\n"));
  const recording = await openRecording([file.path]);
  const batches = await Array.fromAsync(recording.batches());
  assert.equal(batches.length, 3); // as many as rows are made into columns at once
  assert.deepEqual(
    rowsOf(batches).map(({ seq }) => seq),
    Array.from({ length: 20_000 }, (_, i) => 1 + 2 * i),
  );
});

Deno.test("Rows whose filter changes each time have batches of their own size", async () => {
  const batches = Array.from(
    { length: 2_000 },
    (_, i) => batchOf([{ nr: 0 }], { tasks: i === 0 ? [taskName(1, 70)] : [], firstSeq: i + 1, epoch: i }),
  );
  using file = written(ndjsonText(batches));
  let bytes = 0;
  for (const { columns } of await Array.fromAsync((await openRecording([file.path])).batches())) {
    bytes += columnsBuffer(columns).byteLength;
  }
  assert.ok(bytes < 1_000 * batches.length, `${bytes} bytes`);
});
