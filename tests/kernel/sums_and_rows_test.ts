/** The same calls as rows and as sums, of two traces of one command at the same time. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Capture, type CaptureOptions } from "../../bpf/mod.ts";
import { HeldCommand, machineArch, prepare } from "../../engine/mod.ts";
import type { BatchReader } from "../../engine/batch_consumer.ts";
import { FlameTrie } from "../../engine/flame/flame_trie.ts";
import { prepareWith } from "../../engine/session/prepare.ts";
import { StatsEngine } from "../../engine/stats/stats_engine.ts";
import type { CallCells } from "../../runtime/call_cells.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { emptyFilter, type Filter } from "../../runtime/filter/mod.ts";
import type { TrieField } from "../../runtime/flame.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import type { Sampling } from "../../runtime/sampling.ts";
import type { Measures, StatsSnapshot } from "../../runtime/stats.ts";
import { FAMILIES, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { testSeed } from "../engine/batches.ts";
import { plainOf } from "../engine/flame/plain_trie.ts";
import { compile } from "../kernel_lib/compile.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const arch = machineArch();

const FIELDS: TrieField[] = ["comm", "tid", "path", "syscall", "flags"];

/** How the second trace takes its calls. */
type Taken = { sampling?: Sampling; addsUp?: true; ringGroups?: number };

const ALL_SUMS: Taken = { sampling: Object.fromEntries(FAMILIES.map((family) => [family, 0])) };

/** What counts the calls of a trace, however it gets them. */
class Counts {
  readonly stats = new StatsEngine({
    arch,
    ...STATS_LIMITS,
    by: [["thread", "syscall", "file"], ["dir", "errno"], ["process"]],
  });
  readonly trie = new FlameTrie({ arch, fields: FIELDS, metric: "count", maxNodes: 1_000_000 });
  rows = 0;
  readonly consumer: BatchReader;

  constructor() {
    const { stats } = this;
    this.consumer = {
      ...this.#counting,
      get slow() {
        return stats.slow;
      },
    };
  }

  readonly #counting = {
    keepsColumns: false as const,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest: (batch: EventBatch) => {
      this.rows += batch.length;
      this.stats.ingest(batch);
      this.trie.ingest(batch);
    },
    ingestCells: (cells: CallCells) => {
      this.stats.ingestCells(cells);
      this.trie.ingestCells(cells);
      return Promise.resolve();
    },
  };
}

/** Runs a command under two traces, one with all calls as rows. */
async function traceTwice(argv: string[], selection: Filter, taken: Taken): Promise<[Counts, Counts]> {
  using command = HeldCommand.start({
    ...{ argv, stdoutToStderr: true, user: null, environment: null },
  });
  // The second trace must not let the command go again.
  const same = {
    ...{ pid: command.pid, execs: command.execs, ended: command.ended },
    ...{ ready: () => command.ready(), release: () => {} },
  } as unknown as HeldCommand;
  const plan = { selection, ringBytes: 64 * 1024 * 1024 };
  await using first = await prepare({ ...plan, command: same });
  const { ringGroups, ...how } = taken;
  const load = (options: CaptureOptions) => Capture.load({ ...options, ringGroups });
  await using second = await prepareWith(load, { ...plan, command, ...how });
  const [rows, sums] = [new Counts(), new Counts()];
  const running = [[first, rows] as const, [second, sums] as const]
    .map(([prepared, counts]) => ({ attached: prepared.attach(), counts }))
    .map(({ attached, counts }) => attached.run([counts.consumer], null));
  for (const { loss, missedSlow } of await Promise.all(running.map(({ ended }) => ended))) {
    assert.equal(loss.state, "none");
    assert.ok(missedSlow === null || missedSlow.every((calls) => calls === 0));
  }
  return [rows, sums];
}

/** A snapshot without times, which each trace measures for itself, and without single calls. Tables have no order. */
function counted(
  { series: _, slowest: __, uses, syscalls, groups, ...tables }: StatsSnapshot,
) {
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row, withoutTimes)).sort();
  const lists = Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, Array.isArray(table) ? sorted(table) : table]),
  );
  return {
    lists: JSON.parse(JSON.stringify(lists, withoutTimes)),
    syscalls: sorted(syscalls),
    sizes: syscalls.map(({ syscall, size }) => `${syscall} ${size.indexes} ${size.counts}`).sort(),
    groups: groups.map(({ rows, other }) => [...sorted(rows), JSON.stringify(other, withoutTimes)]),
    uses: sorted(uses),
  };
}

const TIMES = new Set<string>(
  [
    ...(["totalNs", "waitingNs", "p50Ns", "p90Ns", "p99Ns", "maxNs"] as const satisfies (keyof Measures)[]),
    ...["startedNs", "filesNs", "indexes", "counts"],
  ],
);

function withoutTimes(key: string, value: unknown): unknown {
  return TIMES.has(key) ? undefined : typeof value === "bigint" ? String(value) : value;
}

/** Calls and bytes of each stack. */
function stacks(trie: FlameTrie): string {
  const withoutTimes = (key: string, value: unknown) =>
    key === "duration" || key === "gap"
      ? undefined
      : value instanceof Map
      ? [...value].sort(([a], [b]) => a < b ? -1 : 1)
      : value;
  return JSON.stringify(plainOf(trie.profile()), withoutTimes, 1);
}

function assertSame([rows, sums]: [Counts, Counts]): void {
  assert.deepEqual(counted(sums.stats.snapshot()), counted(rows.stats.snapshot()));
  assert.equal(stacks(sums.trie), stacks(rows.trie));
}

const RANDOM = fileURLToPath(new URL("../workloads_random/random.c", import.meta.url));
const CELLS_PROGRAM = fileURLToPath(new URL("../kernel_lib/cells.c", import.meta.url));
const LOOP_PROGRAM = fileURLToPath(new URL("../kernel_lib/loop.c", import.meta.url));

/** The slowest of a trace's own rows are the slowest of all its calls: none of the others is longer than the last of them. */
function assertSlowest({ stats }: Counts): void {
  const { slowest, files } = stats.snapshot();
  assert.equal(slowest.length, STATS_LIMITS.maxSlowest);
  for (const { path, maxNs } of files) {
    const own = slowest.filter((row) => row.path === path || row.oldPath === path);
    const longest = Math.max(...own.map(({ latencyNs }) => latencyNs!));
    if (maxNs > slowest.at(-1)!.latencyNs!) assert.equal(longest, maxNs, path);
  }
}

const KINDS: readonly (readonly [name: string, Taken])[] = [
  ["sums", ALL_SUMS],
  ["what the kernel decides", { addsUp: true }],
  ["rows in the rings of two CPUs", { ringGroups: 2 }],
];

for (const mode of ["turns", "free"]) {
  for (const [kind, taken] of KINDS) {
    Deno.test(`the calls of a random workload count the same as rows and as ${kind} (${mode})`, async () => {
      const program = await compile(RANDOM);
      const [directory, work] = [scratchDirectory("random"), scratchDirectory("log")].map(Deno.realPathSync);
      const argv = [
        program,
        directory,
        `${work}/state`,
        `${work}/log`,
        String(testSeed() % 1000),
        "5000",
        mode,
      ];
      const selection = { ...emptyFilter(), syscalls: SYSCALLS.map(({ name }) => name) };
      const [rows, sums] = await traceTwice(argv, selection, taken);
      assert.ok(rows.rows > 5000, `${rows.rows} calls`);
      if (taken === ALL_SUMS) {
        // What is met seldom is a row once half of the cells are given out, or while the ring of a busy machine is not read.
        assert.ok(sums.rows < rows.rows / 2, `${sums.rows} of ${rows.rows} calls are rows all the same`);
      } else if (!("addsUp" in taken)) {
        assert.equal(sums.rows, rows.rows);
      } else {
        assertSlowest(sums); // too short for a busy machine to have any added up: the next test holds that
      }
      assertSame([rows, sums]);
    });
  }
}

// Longer than some looks: until the first ones, every call may be among the slowest.
for (const [where, ringGroups] of [["", 1], [", with a ring for each of two CPUs", 2]] as const) {
  Deno.test(`calls made over and over on a few files count the same as rows and as what the kernel decides${where}`, async () => {
    const argv = [await compile(CELLS_PROGRAM), scratchDirectory("cells"), "2", "3", "30000"];
    const selection = { ...emptyFilter(), syscalls: ["openat", "close", "pwrite64", "pread64"] };
    const [rows, sums] = await traceTwice(argv, selection, { addsUp: true, ringGroups });
    assert.ok(sums.rows < rows.rows / 2, `${sums.rows} of ${rows.rows} calls are rows`);
    assertSlowest(sums);
    assertSame([rows, sums]);
  });
}

Deno.test("on a ring of one page nothing is lost, and at most the slowest calls are missing, which is known", async () => {
  const calls = 200_000;
  using command = HeldCommand.start({
    ...{ argv: [await compile(LOOP_PROGRAM), String(calls), "2"], stdoutToStderr: true, user: null },
    environment: null,
  });
  const selection = { ...emptyFilter(), syscalls: ["pread64"] };
  await using prepared = await prepare({ selection, ringBytes: 4096, command, addsUp: true });
  const counts = new Counts();
  const { loss, missedSlow } = await prepared.attach().run([counts.consumer], null).ended;
  assert.equal(loss.state, "none");
  const { syscalls: [{ calls: counted, maxNs }], slowest } = counts.stats.snapshot();
  assert.ok(counted >= 2 * calls && counted < 2 * calls + 10, `${counted} calls`);
  assert.ok(counts.rows < calls, `${counts.rows} rows`);
  const missed = missedSlow!.reduce((sum, calls) => sum + calls, 0);
  assert.ok(slowest[0].latencyNs === maxNs || missed > 0, `${missed} missed`);
});

/** The smallest ring there is. */
const ONE_PAGE = 4096;

/** Traces a command with a ring of one page: nothing is lost. How many calls have no names, and what was counted. */
async function traceOnOnePage(
  argv: string[],
  syscalls: string[],
): Promise<{ unnamed: number; counts: Counts }> {
  using command = HeldCommand.start({ argv, stdoutToStderr: true, user: null, environment: null });
  const selection = { ...emptyFilter(), syscalls };
  await using prepared = await prepare({ selection, ringBytes: ONE_PAGE, command, addsUp: true });
  const counts = new Counts();
  const { loss } = await prepared.attach().run([counts.consumer], null).ended;
  assert.equal(loss.state, "none");
  return { unnamed: loss.unnamed ?? 0, counts };
}

Deno.test("a million keys on a ring of one page: every call is counted, by its call, error and process", async () => {
  const [files, threads] = [50_000, 4];
  const argv = [await compile(CELLS_PROGRAM), scratchDirectory("cells"), `${files}`, `${threads}`, "1"];
  const { unnamed, counts } = await traceOnOnePage(argv, ["openat", "close", "pwrite64", "pread64"]);
  const { syscalls, processes, files: found } = counts.stats.snapshot();
  const each = files * threads;
  const byCall = new Map(syscalls.map((row) => [row.syscall, row]));
  // The loader opens, reads and closes a few files of its own.
  const atLeast = { openat: each, close: each, pwrite64: each, pread64: 2 * each };
  for (const [name, calls] of Object.entries(atLeast)) {
    const row = byCall.get(name)!;
    assert.ok(row.calls >= calls && row.calls < calls + 20, `${row.calls} calls of ${name}`);
  }
  assert.equal(byCall.get("pwrite64")!.writeBytes, 3 * each);
  assert.equal(byCall.get("pread64")!.errors, each);
  const total = syscalls.reduce((sum, { calls }) => sum + calls, 0);
  // A thread whose name found no room either is not known.
  const own = processes.filter(({ comm }) => comm === "cells").reduce((sum, { calls }) => sum + calls, 0);
  const others = processes.find(({ pid, comm }) => pid === 0 && comm === "[unknown]")?.calls ?? 0;
  assert.equal(own + others, total);
  assert.ok(own > total / 2, `${own} of ${total} calls are known to be of the process`);
  const unknown = found.find(({ path }) => path === "[unknown]");
  assert.ok(unnamed > total / 2, `${unnamed} of ${total} calls have no names`);
  assert.equal(unknown?.calls, unnamed);
});

Deno.test("many short processes on a ring of one page: every call is counted, also of those that never return", async () => {
  const processes = 300;
  const argv = ["sh", "-c", `i=0; while [ $i -lt ${processes} ]; do /bin/true; i=$((i+1)); done`];
  const { counts } = await traceOnOnePage(argv, ["execve", "exit_group", "close"]);
  const { syscalls } = counts.stats.snapshot();
  const row = (name: string) => syscalls.find(({ syscall }) => syscall === name)!;
  assert.equal(row("execve").calls, processes + 1);
  assert.deepEqual([row("exit_group").calls, row("exit_group").returned], [processes + 1, 0]);
});
