import assert from "node:assert/strict";
import { RowWriter } from "../../../../cli/commands/stream/row_writer.ts";
import { rowFormat, type RowFormatOptions } from "../../../../cli/rows/mod.ts";
import { RowsClient, type TextSink } from "../../../../cli/rows/worker/rows_client.ts";
import type { Output } from "../../../../cli/run/output.ts";
import type { EventBatch } from "../../../../runtime/event_batch.ts";
import { batchOf, random, taskName, testSeed } from "../../../engine/batches.ts";
import { header } from "../../../engine/recording/fixture.ts";
import { randomCalls } from "../../rows/random_calls.ts";
import { STARTED } from "../../rows/fixture.ts";

const OPTIONS: RowFormatOptions = {
  header: header(),
  startedEpochNs: STARTED,
  columns: null,
  look: { width: null, color: false, ascii: false },
};

/** An output that keeps what it gets. */
class Kept implements Output {
  readonly leavesPart = false;
  readonly #decoder = new TextDecoder();
  closed = false;
  text = "";

  readonly hasRoom = true;
  room = () => Promise.resolve();
  finish = () => Promise.resolve();
  abandon = () => {};
  [Symbol.asyncDispose] = () => Promise.resolve();

  write(data: string | Uint8Array, written?: () => void): void {
    this.text += typeof data === "string" ? data : this.#decoder.decode(data);
    written?.();
  }
}

/** The rows of a CSV text. */
const rowsIn = ({ text }: Kept) => text.match(/^\d+,(?=\d+-)/gm)?.length;

const newCalls = () => rowFormat("csv", OPTIONS).calls("x86_64");

function startWorker(take: TextSink): Promise<RowsClient> {
  return RowsClient.start({ arch: "x86_64", format: "csv", options: OPTIONS }, take);
}

async function feed(writer: RowWriter, batch: EventBatch): Promise<void> {
  if (!writer.canIngest) await writer.room();
  writer.ingest(batch).catch(() => {});
}

/** A writer that starts its worker at the first row, and a promise of the moment when it has it. */
function withWorker(output: Output, maxRows: number | null = null) {
  const started = Promise.withResolvers<void>();
  const start = async (take: TextSink) => {
    const worker = await startWorker(take);
    started.resolve();
    return worker;
  };
  const writer = new RowWriter({ output, calls: newCalls(), startWorker: start, maxRows, busyRows: 0 });
  return { writer, started: started.promise };
}

Deno.test("Rows are the same and in order when a worker takes over in the middle, with the names so far", async () => {
  const seed = testSeed();
  const [output, wanted] = [new Kept(), new Kept()];
  using here = new RowWriter({ output: wanted, calls: newCalls(), startWorker: null, maxRows: null });
  const { writer: opened, started } = withWorker(output);
  using writer = opened;
  const [next, same] = [randomCalls(random(seed)), randomCalls(random(seed))];
  for (let b = 0; b < 30; b++) {
    if (b === 10) await started;
    await here.ingest(same());
    const batch = next();
    await feed(writer, batch);
    if (b === 10) assert.equal(batch.columns.nr.length, 0, "the columns are not at the worker");
  }
  await writer.finish();
  assert.ok(output.text === wanted.text, "the text is another one");
  assert.deepEqual([writer.rows, writer.notShown], [here.rows, 0]);
});

Deno.test("A worker writes exactly as many rows as are asked for", async () => {
  const output = new Kept();
  const maxRows = 1_777;
  const { writer: opened, started } = withWorker(output, maxRows);
  using writer = opened;
  const next = randomCalls(random(5));
  await feed(writer, next());
  await started;
  while (!writer.isOver) await feed(writer, next());
  await writer.over;
  await writer.finish();
  assert.equal(writer.rows, maxRows);
  assert.equal(rowsIn(output), maxRows);
});

Deno.test("Few rows start no worker", async () => {
  let starts = 0;
  const startWorker = () => {
    starts++;
    return Promise.reject(new Error("not wanted"));
  };
  using writer = new RowWriter({ output: new Kept(), calls: newCalls(), startWorker, maxRows: null });
  const next = randomCalls(random(6));
  for (let b = 0; b < 20; b++) await feed(writer, next());
  await writer.finish();
  assert.equal(starts, 0);
});

Deno.test("Rows of new names start no worker, however many: it would need a copy of each", async () => {
  let starts = 0;
  const startWorker = () => {
    starts++;
    return Promise.reject(new Error("wanted"));
  };
  const output = new Kept();
  using writer = new RowWriter({ output, calls: newCalls(), startWorker, maxRows: null, busyRows: 100 });
  const calls = Array.from({ length: 1000 }, (_, i) => ({ nr: 0, file: i + 1 }));
  const files = calls.map(({ file }) => ({ slot: file, path: `/${file}` }));
  await writer.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  assert.equal(starts, 0);
  await writer.ingest(batchOf(calls.slice(0, 100)));
  assert.equal(starts, 1);
});

Deno.test("A worker that does not start ends the stream with its reason", async () => {
  const startWorker = () => Promise.reject(new Error("no worker"));
  const output = new Kept();
  using writer = new RowWriter({ output, calls: newCalls(), startWorker, maxRows: null, busyRows: 0 });
  const next = randomCalls(random(7));
  while (writer.canIngest) await writer.ingest(next());
  await assert.rejects(writer.room(), /no worker/);
  await assert.rejects(writer.finish(), /no worker/);
});

Deno.test("After the end a few rows are shown, without a hole, and the rest is counted", async () => {
  const output = new Kept();
  const { writer: opened, started } = withWorker(output);
  using writer = opened;
  const next = randomCalls(random(8));
  await feed(writer, next());
  await started;
  await feed(writer, next());
  writer.endIn(0);
  const before = writer.rows;
  let late = 0;
  while (late < 20_000) {
    const batch = next();
    late += batch.length;
    assert.ok(writer.canIngest, "what comes too late waits for nothing");
    writer.ingest(batch).catch(() => {});
  }
  await writer.finish();
  assert.equal(writer.rows + writer.notShown, before + late);
  assert.ok(writer.notShown > 0);
  assert.equal(rowsIn(output), writer.rows);
});
