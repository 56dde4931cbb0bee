import assert from "node:assert/strict";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { FileName } from "../../../runtime/event_batch.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import type { Measures, StatsSnapshot } from "../../../runtime/stats.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { batchOf, type Call, taskName } from "../batches.ts";

const CONFIG = { arch: "x86_64", ...STATS_LIMITS } as const;

/** A call by name, with the fields that matter. */
function call(name: string, fields: Partial<Call> = {}): Call {
  return { nr: syscallByName(name)!.x86_64!, durationNs: 100, ...fields };
}

/** What is counted of calls on these paths, whose slots are 1, 2, 3… */
function count(paths: string[], calls: Call[]): StatsSnapshot {
  const engine = new StatsEngine(CONFIG);
  const files: FileName[] = paths.map((path, i) => ({ slot: i + 1, path }));
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  return engine.snapshot();
}

Deno.test("Time is split into files, waiting and the rest, and each call is in one of them", () => {
  const snapshot = count(["/data", "pipe:[1]"], [
    call("read", { file: 1, durationNs: 10 }),
    call("read", { file: 2, durationNs: 2_000 }),
    call("getcwd", { durationNs: 5 }),
    call("poll", { durationNs: 30_000 }),
    call("brk", { durationNs: 7 }),
  ]);
  assert.deepEqual([snapshot.filesNs, snapshot.waitingNs, snapshot.totalNs], [15, 32_000, 32_022]);
  assert.deepEqual(snapshot.files.map(({ path }) => path), ["/data"]);
  assert.deepEqual(snapshot.waiting.map(({ kind, name, totalNs }) => [kind, name, totalNs]), [
    ["call", "poll", 30_000],
    ["pipe", "pipes", 2_000],
  ]);
  assert.deepEqual([snapshot.withoutFile.calls, snapshot.withoutFile.totalNs], [2, 12]);
});

Deno.test("A copy waits when one of its files does: its time is never that of a file, each gets its bytes", () => {
  const paths = ["/data", "pipe:[1]", "/dev/pts/0"];
  const calls = [
    call("splice", { file: 1, oldFile: 2, durationNs: 4_000, ret: 6n, bytes: 6 }),
    call("splice", { file: 2, oldFile: 1, durationNs: 500, ret: 7n, bytes: 7 }),
    call("splice", { file: 3, oldFile: 2, durationNs: 30, ret: 8n, bytes: 8 }),
    call("sendfile", { file: 1, oldFile: 1, durationNs: 2, ret: 9n, bytes: 9 }),
  ];
  const snapshot = count(paths, calls);
  assert.deepEqual([snapshot.filesNs, snapshot.waitingNs], [2, 4_530]);
  const measures = ({ calls, totalNs, readBytes, writeBytes }: Measures) => [
    ...[calls, totalNs, readBytes, writeBytes],
  ];
  assert.deepEqual(snapshot.files.map(measures), [[1, 2, 7 + 9, 6 + 9]]);
  assert.deepEqual(snapshot.waiting.map((row) => [row.name, ...measures(row)]), [
    ["pipes", 2, 4_500, 6 + 8, 7],
    ["/dev/pts/0", 1, 30, 0, 8],
  ]);
  assert.deepEqual(snapshot.slowest.map(({ latencyNs }) => latencyNs), [2]);
});

Deno.test("A call that waits by itself waits whatever its descriptor: the path of a message queue looks like a file's", () => {
  const paths = ["/queue", "pipe:[1]"];
  const calls = [
    call("mq_timedreceive", { file: 1, durationNs: 3_000, ret: 4n, bytes: 4 }),
    call("epoll_wait", { file: 2, durationNs: 500 }),
    call("msgrcv", { durationNs: 2_000 }),
    call("close", { file: 1, durationNs: 10 }),
  ];
  const snapshot = count(paths, calls);
  assert.deepEqual([snapshot.filesNs, snapshot.waitingNs], [10, 5_500]);
  assert.deepEqual(snapshot.files.map(({ path, calls }) => [path, calls]), [["/queue", 1]]);
  assert.deepEqual(snapshot.waiting.map(({ kind, name, readBytes }) => [kind, name, readBytes]), [
    ["call", "mq_timedreceive", 4],
    ["call", "msgrcv", 0],
    ["pipe", "pipes", 0],
  ]);
});

Deno.test("Latencies of a call on files are not mixed with those of its waiting", () => {
  const { syscalls: [read] } = count(["/data", "pipe:[1]"], [
    call("read", { file: 1, durationNs: 10, ret: 4n, bytes: 4 }),
    call("read", { file: 2, durationNs: 2_000 }),
  ]);
  assert.deepEqual([read.calls, read.waitingNs, read.maxNs, read.size.count], [2, 2_000, 2_000, 1]);
  assert.deepEqual([read.onFiles.calls, read.onFiles.maxNs, read.onFiles.latency.count], [1, 10, 1]);
});

Deno.test("Connections of one peer are one row, and each is counted once however often it is named", () => {
  const engine = new StatsEngine(CONFIG);
  for (const port of [1001, 1002, 1001, 1003]) {
    engine.ingest(batchOf([call("recvfrom", { file: 1 })], {
      tasks: [taskName(1, 70)],
      files: [{ slot: 1, path: `TCP:[10.0.0.1:${port}->10.0.0.2:5432]` }],
    }));
  }
  const [peer] = engine.snapshot().waiting;
  assert.deepEqual([peer.name, peer.calls, peer.descriptors], ["TCP 10.0.0.2:5432", 4, 3]);
});

Deno.test("Connections are told apart up to a limit of all peers together, and anew after a reset", () => {
  const engine = new StatsEngine(CONFIG);
  /** Connections of a peer, each named twice. */
  const connect = (peer: number, connections: number) => {
    for (let named = 0; named < 2; named++) {
      const files = Array.from({ length: connections }, (_, i) => (
        { slot: i + 1, path: `TCP:[10.0.0.1:80->10.0.1.${peer}:${32_768 + i}]` }
      ));
      const calls = files.map(({ slot }) => call("read", { file: slot }));
      engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
    }
    const row = engine.snapshot().waiting.find(({ name }) => name.endsWith(`.${peer}`));
    return row!.descriptors;
  };
  const peers = Array.from({ length: 8 }, (_, peer) => peer + 1);
  const most = 32_768;
  assert.deepEqual(peers.map((peer) => connect(peer, most / 8)), peers.map(() => most / 8));
  assert.equal(connect(9, 10), 20);
  engine.reset();
  assert.equal(connect(9, 10), 10);
});

Deno.test("A thousand peers have rows, and what comes then has one together", () => {
  const paths = Array.from({ length: 1_500 }, (_, i) => `TCP:[10.0.0.1:1->10.0.${i >> 8}.${i & 255}:80]`);
  const { waiting } = count(paths, paths.map((_, i) => call("sendto", { file: i + 1 })));
  assert.equal(waiting.length, 1_001);
  assert.equal(waiting.find(({ name }) => name === "(other)")?.calls, 500);
});

Deno.test("What has a row keeps it when there are a thousand, also on a new connection and after files were folded", () => {
  const engine = new StatsEngine({ ...CONFIG, maxFiles: 4 });
  const peer = (i: number, port = 1) => `TCP:[10.0.0.1:${port}->10.0.${i >> 8}.${i & 255}:80]`;
  const files = Array.from({ length: 1_500 }, (_, i) => ({ slot: i + 1, path: peer(i) }));
  const calls = files.map(({ slot }) => call("sendto", { file: slot }));
  engine.ingest(batchOf([call("poll"), ...calls], { tasks: [taskName(1, 70)], files }));
  const again = { files: [{ slot: 2_000, path: peer(7, 2) }] };
  engine.ingest(batchOf([call("poll"), call("sendto", { file: 2_000 }), call("sendto", { file: 9 })], again));
  const many = Array.from({ length: 9 }, (_, i) => ({ slot: 3_000 + i, path: `/data/${i}` }));
  engine.ingest(batchOf(many.map(({ slot }) => call("read", { file: slot })), { files: many }));
  engine.ingest(batchOf([call("sendto", { file: 9 }), call("poll")]));
  const { waiting, folded } = engine.snapshot();
  assert.ok(folded.files > 0);
  const callsOf = (name: string) => waiting.filter((row) => row.name === name).map(({ calls }) => calls);
  assert.deepEqual(callsOf("poll"), [3]);
  assert.deepEqual(callsOf("TCP 10.0.0.7:80"), [2]);
  assert.deepEqual(callsOf("TCP 10.0.0.8:80"), [3]);
  assert.deepEqual(callsOf("(other)"), [501]);
});

Deno.test("The slowest calls are those on files, and only without any those that waited", () => {
  const wait = call("read", { file: 2, durationNs: 9_000 });
  const paths = ["/data", "pipe:[1]"];
  const slowest = (calls: Call[]) => count(paths, calls).slowest.map(({ path }) => path);
  assert.deepEqual(slowest([wait, call("read", { file: 1 })]), ["/data"]);
  assert.deepEqual(slowest([wait]), ["pipe:[1]"]);
});

Deno.test("What is waited for is never folded, and takes no room of files", () => {
  const engine = new StatsEngine({ ...CONFIG, maxFiles: 4 });
  for (let i = 0; i < 100; i++) {
    engine.ingest(batchOf([call("read", { file: 1 }), call("read", { file: 2, durationNs: 1 })], {
      tasks: [taskName(1, 70)],
      files: [{ slot: 1, path: `/data/${i}` }, { slot: 2, path: "pipe:[1]" }],
    }));
  }
  const { waiting, files, calls, withoutFile } = engine.snapshot();
  assert.deepEqual([waiting[0].calls, calls, withoutFile.calls], [100, 200, 0]);
  assert.equal(files.reduce((sum, row) => sum + row.calls, 0), 100);
});

Deno.test("Uses of files: what is asked for in vain, by the directory that holds most of it, with its exact time", () => {
  const paths = Array.from({ length: 40 }, (_, i) => i < 30 ? `/usr/lib/python/m${i}.so` : `/etc/${i}`);
  const { uses } = count(
    paths,
    paths.map((_, i) => call("openat", { file: i + 1, ret: -2n, durationNs: 3 })),
  );
  assert.deepEqual(uses, [{
    use: "missing",
    calls: 40,
    totalNs: 120,
    files: 40,
    place: { path: "/usr/lib/python", directory: true, calls: 30 },
  }]);
});

Deno.test("Uses of files: opens after the first, tiny reads and writes, syncs, queries and seeks", () => {
  const calls = [
    ...Array.from({ length: 21 }, () => call("openat", { file: 1, ret: 3n })),
    ...Array.from({ length: 30 }, () => call("write", { file: 1, ret: 3n, bytes: 3 })),
    call("write", { file: 1, ret: 4096n, bytes: 4096 }),
    call("read", { file: 2, ret: 0n, bytes: 0 }),
    call("read", { file: 2, ret: 255n, bytes: 255 }),
    call("fsync", { file: 1 }),
    call("lseek", { file: 1 }),
    call("stat", { file: 2 }),
    // An fstat by another name, and a pipe: neither is worth a note.
    call("newfstatat", { file: 2, fd: 3 }),
    call("write", { file: 3, ret: 1n, bytes: 1 }),
  ];
  const { uses } = count(["/log", "/data", "pipe:[1]"], calls);
  const log = (calls: number) => ({ path: "/log", directory: false, calls });
  assert.deepEqual(uses.map(({ use, calls, place }) => [use, calls, place]), [
    ["tiny_read", 1, null],
    ["tiny_write", 30, log(30)],
    ["sync", 1, null],
    ["reopen", 20, log(20)],
    ["query", 1, null],
    ["seek", 1, null],
  ]);
});

Deno.test("Uses of files that were folded are their directory's", () => {
  const engine = new StatsEngine({ ...CONFIG, maxFiles: 4 });
  for (let i = 0; i < 100; i++) {
    engine.ingest(batchOf([call("stat", { file: 1, ret: -2n })], {
      tasks: [taskName(1, 70)],
      files: [{ slot: 1, path: `/data/${i}` }],
    }));
  }
  assert.deepEqual(engine.snapshot().uses, [{
    use: "missing",
    calls: 100,
    totalNs: 10_000,
    files: 100,
    place: { path: "/data", directory: true, calls: 100 },
  }]);
});
