/** The same calls as rows and as sums, of two traces of one command at the same time. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { HeldCommand, machineArch, prepare } from "../../engine/mod.ts";
import { FlameTrie } from "../../engine/flame/flame_trie.ts";
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

const ALL_SUMS: Sampling = Object.fromEntries(FAMILIES.map((family) => [family, 0]));

/** What counts the calls of a trace, however it gets them. */
class Counts {
  readonly stats = new StatsEngine({
    arch,
    ...STATS_LIMITS,
    by: [["thread", "syscall", "file"], ["dir", "errno"], ["process"]],
  });
  readonly trie = new FlameTrie({ arch, fields: FIELDS, metric: "count", maxNodes: 1_000_000 });
  rows = 0;

  readonly consumer = {
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
async function traceTwice(argv: string[], selection: Filter, sampling: Sampling): Promise<[Counts, Counts]> {
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
  await using second = await prepare({ ...plan, command, sampling });
  const [rows, sums] = [new Counts(), new Counts()];
  const running = [[first, rows] as const, [second, sums] as const]
    .map(([prepared, counts]) => ({ attached: prepared.attach(), counts }))
    .map(({ attached, counts }) => attached.run([counts.consumer], null));
  for (const { loss } of await Promise.all(running.map(({ ended }) => ended))) {
    assert.equal(loss.state, "none");
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
    ...(["totalNs", "waitingNs", "maxNs"] as const satisfies (keyof Measures)[]),
    ...["startedNs", "filesNs", "indexes", "counts", "min", "max", "sum"],
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

for (const mode of ["turns", "free"]) {
  Deno.test(`the calls of a random workload count the same as rows and as sums (${mode})`, async () => {
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
    const [rows, sums] = await traceTwice(argv, selection, ALL_SUMS);
    assert.ok(rows.rows > 5000, `${rows.rows} calls`);
    assert.ok(sums.rows < rows.rows / 10, `${sums.rows} of ${rows.rows} calls are rows all the same`);
    assertSame([rows, sums]);
  });
}
