/**
 * Fills the tables of names and of the statistics to their limits, and prints as JSON what they take of memory, bytes. To be
 * run with `--v8-flags=--expose-gc`.
 */
import { FILE_SLOTS } from "../../bpf/wire.ts";
import { StatsEngine } from "../../engine/stats/stats_engine.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import { callRecord, decoding, feed, pathRecord, taskRecord, textRecord } from "../bpf/records.ts";
import { random } from "./batches.ts";

const NEWFSTATAT = 262;

const { gc } = globalThis as unknown as { gc(): void };

/** Memory in use on the heap and beside it. */
function inUse(): number {
  gc();
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** From a microsecond to a second: many different latencies. */
const draw = random(Number(Deno.args[0]));
const durationNs = () => BigInt(Math.floor(1000 * 10 ** (6 * draw())));

/** Each round names a task, a file and a path, and makes a call on each of the two. */
function fill(rounds: number) {
  const engine = new StatsEngine({ arch: "x86_64", ...STATS_LIMITS });
  const { decoder } = decoding();
  for (let i = 1; i <= rounds; i++) {
    const records = [
      taskRecord({ taskId: i, pid: 1000 + i, comm: `worker-${i % 200}`, processStartNs: BigInt(i) }),
      pathRecord(i, `/srv/cache/of-a-program-with-a-long-name/d${i % 50}/file-${i}`),
      callRecord({ taskId: i, fileId: i, fd: 3, durationNs: durationNs() }),
      textRecord({ taskId: i, nr: NEWFSTATAT, ret: -2n, durationNs: durationNs() }, {
        path: `/srv/cache/of-a-program-with-a-long-name/d${i % 50}/none-${i}`,
      }),
    ];
    for (const record of records) {
      if (feed(decoder, record)) continue;
      const batch = decoder.takeBatch()!;
      engine.ingest(batch);
      decoder.recycle(batch.columns);
    }
  }
  return { decoder, engine };
}

// The first round is for what is there once, such as compiled code.
fill(2000);
const before = inUse();
const { decoder, engine } = fill(FILE_SLOTS + 1000);
const bytes = inUse() - before;
console.log(JSON.stringify({ bytes, folded: engine.snapshot().folded, waiting: decoder.length }));
