import assert from "node:assert/strict";
import { ByteText, rowFormat } from "../../../../cli/rows/mod.ts";
import { RowsClient } from "../../../../cli/rows/worker/rows_client.ts";
import type { RowsConfig } from "../../../../cli/rows/worker/rows_messages.ts";
import { IorError } from "../../../../runtime/errors.ts";
import { random, testSeed } from "../../../engine/batches.ts";
import { header } from "../../../engine/recording/fixture.ts";
import { STARTED } from "../fixture.ts";
import { randomCalls } from "../random_calls.ts";

const CONFIG: RowsConfig = {
  arch: "x86_64",
  format: "ndjson",
  options: {
    header: header(),
    startedEpochNs: STARTED,
    columns: null,
    look: { width: null, color: false, ascii: false },
  },
};

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("The worker's texts are those of this thread, in order, and the columns come back", async () => {
  const next = random(testSeed());
  const batches = randomCalls(next);
  const calls = rowFormat(CONFIG.format, CONFIG.options).calls(CONFIG.arch);
  const wanted = new ByteText();
  const texts: string[] = [];
  using client = await RowsClient.start(CONFIG, (text, done) => {
    texts.push(decode(text));
    done();
  });
  for (let b = 0; b < 20; b++) {
    const batch = batches();
    calls.apply(batch);
    for (let i = 0; i < batch.length; i++) calls.write(i, wanted);
    const capacity = batch.columns.nr.length;
    await client.room();
    client.ingest(batch).then((columns) => assert.equal(columns.nr.length, capacity));
  }
  await client.drained();
  assert.equal(texts.length, 20);
  assert.equal(texts.join(""), decode(wanted.take()));
});

Deno.test("Only a few batches are under way, and room comes when one is back", async () => {
  const batches = randomCalls(random(1));
  using client = await RowsClient.start(CONFIG, (_, done) => done());
  for (let b = 0; b < 3; b++) {
    assert.ok(client.canIngest);
    client.ingest(batches());
  }
  assert.ok(!client.canIngest);
  await client.room();
  assert.ok(client.canIngest);
});

Deno.test("A batch that cannot be written ends the client with its reason", async () => {
  using client = await RowsClient.start(CONFIG, (_, done) => done());
  const batch = { ...randomCalls(random(2))(), tasks: [], length: 1 };
  await assert.rejects(client.ingest(batch), /no batch has named it/);
  await assert.rejects(client.room(), /no batch has named it/);
  await assert.rejects(client.drained(), /no batch has named it/);
});

Deno.test("A worker that dies while it writes ends the client", async () => {
  const worker = new Worker(
    URL.createObjectURL(
      new Blob([
        "self.onmessage = ({ data: { kind, id } }) => {" +
        " if (kind !== 'hello') throw new Error('gone'); self.postMessage({ kind: 'done', id }); };",
      ]),
    ),
    { type: "module" },
  );
  using client = await RowsClient.start(CONFIG, () => {}, { createWorker: () => worker });
  const isReason = (error: unknown) =>
    error instanceof IorError && /The rows worker died/.test(error.message);
  await assert.rejects(client.ingest(randomCalls(random(3))()), isReason);
  await assert.rejects(client.drained(), isReason);
});
