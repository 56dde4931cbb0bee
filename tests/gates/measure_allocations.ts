/**
 * What the parts of a trace that see every row leave to the garbage collector: bytes per thousand rows of each, as JSON. It
 * runs in a process of its own, whose collector has no reason to run meanwhile, so that what the heap grows by is what was
 * allocated. With the word `planted` each part makes an object of each row besides.
 */
import { ByteText, rowFormat } from "../../cli/rows/mod.ts";
import { FlameTrie } from "../../engine/flame/flame_trie.ts";
import { StatsEngine } from "../../engine/stats/stats_engine.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { MAX_TRIE_NODES } from "../../runtime/flame_messages.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import { callRecord, decoding, feed, pathRecord, taskRecord, textRecord } from "../bpf/records.ts";
import { header } from "../engine/recording/fixture.ts";

/** Rows of a batch, and how often it is read: first until the compiler is done with it. */
const ROWS = 4096;
const WARM_ROUNDS = 80;
const ROUNDS = 20;

const FILES = 100;
const TASKS = 8;

const arch = "x86_64";
const isPlanted = Deno.args.includes("planted");

/** Records in one memory, as in a ring: where each begins, and its bytes. */
const records = Array.from({ length: ROWS }, (_, i) => {
  const call = {
    nr: i % 3,
    taskId: 1 + i % TASKS,
    fileId: 1 + i % FILES,
    enterNs: BigInt(5_000_000_000 + 3_000 * i),
    durationNs: BigInt(200 + 37 * (i % 1_000)),
    gapNs: BigInt(5_000_000_000 + i),
    ret: i % 10 === 0 ? -2n : 512n,
    fd: 3,
    size: 4096,
  };
  return i % 8 === 0
    ? textRecord({ ...call, nr: 4 }, { path: `/usr/share/file-${i % 64}` })
    : callRecord(call);
});
const starts = new Int32Array(ROWS);
const sizes = new Int32Array(ROWS);
let end = 0;
for (let i = 0; i < ROWS; i++) {
  starts[i] = end / 4;
  sizes[i] = records[i].length;
  end += 8 * Math.ceil(records[i].length / 8);
}
const words = new Int32Array(end / 4);
records.forEach((record, i) => new Uint8Array(words.buffer).set(record, 4 * starts[i]));

/** Something that is made of a row and kept for a moment. */
const planted: { row: number; text: string }[] = [];

const { decoder } = decoding();
for (let task = 1; task <= TASKS; task++) feed(decoder, taskRecord({ taskId: task }));
for (let file = 1; file <= FILES; file++) feed(decoder, pathRecord(file, `/srv/data/${file}`));
const stats = new StatsEngine({ arch, ...STATS_LIMITS });
const trie = new FlameTrie({
  arch,
  fields: ["comm", "syscall", "path"],
  metric: "duration",
  maxNodes: MAX_TRIE_NODES,
});

/** Writes the lines of batches, as the worker does. */
function lines(format: "csv" | "ndjson"): (batch: EventBatch) => void {
  const look = { width: null, color: false, ascii: false };
  const calls = rowFormat(format, { header: header(), startedEpochNs: 0n, columns: null, look }).calls(arch);
  const text = new ByteText();
  let memory: ArrayBuffer | undefined;
  return (batch) => {
    calls.apply(batch);
    for (let i = 0; i < batch.length; i++) calls.write(i, text);
    memory = text.takeMemory(memory).buffer;
  };
}

let batch: EventBatch;
const csv = lines("csv");
const ndjson = lines("ndjson");
const PARTS: Record<string, () => void> = {
  decoder() {
    for (let i = 0; i < ROWS; i++) decoder.record(words, starts[i], sizes[i]);
    batch = decoder.takeBatch()!;
  },
  stats: () => stats.ingest(batch),
  trie: () => trie.ingest(batch),
  csv: () => csv(batch),
  ndjson: () => ndjson(batch),
};

const allocated = Object.fromEntries(Object.keys(PARTS).map((part) => [part, [] as number[]]));
for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
  for (const [part, work] of Object.entries(PARTS)) {
    const before = Deno.memoryUsage().heapUsed;
    work();
    if (isPlanted) { for (let i = 0; i < ROWS; i++) planted[i % 8] = { row: i, text: part }; }
    const bytes = Deno.memoryUsage().heapUsed - before;
    if (round >= WARM_ROUNDS) allocated[part].push(bytes);
  }
  decoder.recycle(batch!.columns);
}

// The median: the compiler may still be at work in a round or two.
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify(Object.fromEntries(
  Object.entries(allocated).map(([part, bytes]) => [part, Math.round(1_000 * median(bytes) / ROWS)]),
)));
