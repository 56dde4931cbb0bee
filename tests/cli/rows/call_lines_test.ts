import assert from "node:assert/strict";
import { ByteText, ROW_COLUMN_NAMES, rowFormat, type RowFormatOptions } from "../../../cli/rows/mod.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { batchOf, random, taskName, testSeed } from "../../engine/batches.ts";
import { header } from "../../engine/recording/fixture.ts";
import { STARTED } from "./fixture.ts";
import { randomCalls } from "./random_calls.ts";

const LOOK = { width: null, color: false, ascii: false };

/** The bytes of batches, written from their columns, and as the rows that they are. */
function bothWays(format: "csv" | "ndjson", options: Partial<RowFormatOptions> = {}) {
  const all = { header: header(), startedEpochNs: STARTED, columns: null, look: LOOK, ...options };
  const calls = rowFormat(format, all).calls("x86_64");
  const { row } = rowFormat(format, all);
  const rows = new RowBuilder("x86_64");
  return (batch: EventBatch) => {
    const [fast, slow] = [new ByteText(), new ByteText()];
    calls.apply(batch);
    rows.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      calls.write(i, fast);
      row(rows.row(i), slow);
    }
    return { fast: fast.take(), slow: slow.take() };
  };
}

Deno.test("Calls written from their columns are, to the byte, the rows that they are", () => {
  const next = random(testSeed());
  const shuffled = () => ROW_COLUMN_NAMES.filter(() => next() < 0.5).toSorted(() => next() - 0.5);
  for (let round = 0; round < 9; round++) {
    const columns = round < 2 ? null : round < 4 ? ROW_COLUMN_NAMES : shuffled();
    const look = round % 3 === 2 ? { ...LOOK, isTerminal: true, ascii: round > 6 } : LOOK;
    const writers = (["csv", "ndjson"] as const).map((format) => bothWays(format, { columns, look }));
    const batches = randomCalls(next);
    for (let b = 0; b < 4; b++) {
      const batch = batches();
      for (const write of writers) {
        const { fast, slow } = write(batch);
        // A difference of megabytes is no message.
        const at = fast.findIndex((byte, i) => byte !== slow[i]);
        if (at >= 0 || fast.length !== slow.length) {
          const around = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(at - 60, at + 60));
          assert.equal(around(fast), around(slow), `columns ${columns}`);
          assert.equal(fast.length, slow.length);
        }
      }
    }
  }
});

Deno.test("More names than are kept, each many times, are still the right ones", () => {
  const write = bothWays("csv", { columns: ["path"] });
  const paths = Array.from({ length: 1_500 }, (_, i) => `/${String(i).repeat(800)}`);
  for (let round = 0; round < 2; round++) {
    const files = paths.map((path, i) => ({ slot: i + 1, path: path + round }));
    const batch = batchOf(paths.map((_, i) => ({ nr: 0, file: i + 1 })), { tasks: [taskName(1, 1)], files });
    for (const { fast, slow } of [write(batch), write({ ...batch, tasks: [], files: [] })]) {
      assert.ok(new TextDecoder().decode(fast) === new TextDecoder().decode(slow), `round ${round}`);
    }
  }
});
