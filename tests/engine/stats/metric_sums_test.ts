import assert from "node:assert/strict";
import { bucketIndex } from "../../../engine/stats/buckets.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { STATS_LIMITS, type StatsConfig } from "../../../runtime/messages.ts";
import type { MetricSums, SumRows } from "../../../runtime/metric_sums.ts";
import type { MeasuresWithLatency, StatsSnapshot } from "../../../runtime/stats.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import { callCells, cellsOf } from "../cells.ts";
import { randomBatches } from "../random_batches.ts";

const ENDS = [0, 8, 12, 20, 40].map((exponent) => bucketIndex(2 ** exponent));

const CONFIG: StatsConfig = { arch: "x86_64", ...STATS_LIMITS, by: [["file"], ["comm"]], groupsLast: true };

/** The same sums of a whole snapshot, added up the plain way. */
function plainSums({ totalNs, filesNs, waitingNs, syscalls, errorsBy, groups }: StatsSnapshot): MetricSums {
  const errors = new Map<string, number>();
  for (const { errno, calls } of errorsBy) errors.set(errno, (errors.get(errno) ?? 0) + calls);
  const commands = groups.find(({ by }) => by.join() === "comm");
  const other = commands?.other ?? null;
  const names: SumRows<string | null>["names"] =
    commands?.rows.map(({ values: [value] }) => value.key === "comm" ? value.name : null) ?? [];
  return {
    totalNs,
    filesNs,
    waitingNs,
    width: 6 + ENDS.length + 1,
    syscalls: {
      names: syscalls.map(({ syscall, family }) => ({ syscall, family })),
      values: valuesOf(syscalls),
    },
    errors,
    commands: commands === undefined ? null : {
      names: other === null ? names : [...names, null],
      values: valuesOf(other === null ? commands.rows : [...commands.rows, other]),
    },
  };
}

function valuesOf(rows: readonly MeasuresWithLatency[]): Float64Array<ArrayBuffer> {
  return Float64Array.from(rows.flatMap((row) => {
    const latencies = new Array<number>(ENDS.length + 1).fill(0);
    row.latency.indexes.forEach((bucket, i) => {
      latencies[ENDS.filter((end) => end <= bucket).length] += row.latency.counts[i];
    });
    const { calls, errors, readBytes, writeBytes, totalNs, waitingNs } = row;
    return [
      calls,
      errors,
      Number(readBytes),
      Number(writeBytes),
      Number(totalNs),
      Number(waitingNs),
      ...latencies,
    ];
  }));
}

for (const maxGroups of [2, 100]) {
  Deno.test(`Sums are those of a snapshot, of rows and of cells, with room for ${maxGroups} commands`, () => {
    const next = random(testSeed());
    const engine = new StatsEngine({ ...CONFIG, maxGroups });
    assert.deepEqual(engine.sums(ENDS), plainSums(engine.snapshot()));
    const nextBatch = randomBatches(next, { files: 40, processes: 30, stepNs: 1_000 });
    for (let i = 0; i < 60; i++) {
      const batch = nextBatch();
      if (i % 3 === 0) {
        // A sum of doubles is exact only below 2^53.
        for (let j = 0; j < batch.length; j++) batch.columns.durationNs[j] %= 2 ** 40;
        const { tasks, files } = batch;
        engine.ingestCells(callCells({ cells: cellsOf(batch), sinceNs: 0, timeNs: 0, tasks, files }));
      } else engine.ingest(batch);
      if (i % 10 === 0) assert.deepEqual(engine.sums(ENDS), plainSums(engine.snapshot()));
    }
    const sums = engine.sums(ENDS);
    assert.deepEqual(sums, plainSums(engine.snapshot()));
    assert.equal(typeof sums.totalNs, "bigint");
    assert.equal(sums.commands?.names.includes(null), maxGroups === 2);
    engine.reset();
    assert.deepEqual(engine.sums(ENDS), plainSums(engine.snapshot()));
  });
}

Deno.test("Counts above 2^32 are exact", () => {
  const engine = new StatsEngine(CONFIG);
  const batch = batchOf([{ nr: 0, durationNs: 300 }], { tasks: [taskName(1, 70)] });
  const [cell] = cellsOf(batch);
  const calls = 2 ** 33 + 1;
  const latency = { indexes: cell.latency.indexes, counts: [calls] };
  const { tasks, files } = batch;
  const many = { ...cell, calls, returned: calls, totalNs: 300 * calls, latency };
  for (let i = 0; i < 3; i++) {
    engine.ingestCells(callCells({ cells: [many], sinceNs: 0, timeNs: 0, tasks, files }));
  }
  const sums = engine.sums(ENDS);
  assert.equal(sums.syscalls.values[0], 3 * calls);
  assert.deepEqual(sums, plainSums(engine.snapshot()));
});

Deno.test("Without a grouping by command there are none", () => {
  assert.equal(new StatsEngine({ ...CONFIG, by: [["comm", "file"]] }).sums(ENDS).commands, null);
});
