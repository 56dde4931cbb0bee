/** Random conditions held against what the kernel and user space together select, live. */
import assert from "node:assert/strict";
import { Capture, loadStacks, machineArch } from "../../bpf/mod.ts";
import { RowBuilder } from "../../engine/event_rows.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import {
  CALL_EXTRAS,
  type Comparison,
  comparisonsOf,
  type Expression,
} from "../../runtime/expression/mod.ts";
import {
  compileFilter,
  emptyFilter,
  type Filter,
  formatFilter,
  parseFilter,
} from "../../runtime/filter/mod.ts";
import type { StreamRow } from "../../runtime/row.ts";
import { SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { startActor } from "../kernel_lib/actor.ts";
import { untilInCall } from "../kernel_lib/in_call.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { draws } from "../runtime/expression/draw.ts";
import { randomExpression } from "../runtime/filter/random_filters.ts";

const CONDITIONS = 50;
const ARCH = machineArch();

/** A capture of a process, and the rows of it so far. */
class Tracing implements Disposable {
  readonly rows: StreamRow[] = [];
  readonly #capture: Capture;
  readonly #builder = new RowBuilder(ARCH);

  private constructor(capture: Capture) {
    this.#capture = capture;
    capture.attach();
  }

  static async start(pid: number, filter: Filter): Promise<Tracing> {
    const capture = await Capture.load({
      selection: { ...filter, pids: [pid] },
      launches: false,
      groups: { selected: [], nameOf: (path) => path },
      extras: CALL_EXTRAS,
      stacks: await loadStacks(),
      ringBytes: 1024 * 1024,
      sequencer: new RowSequencer(),
      epoch: 1,
    });
    return new Tracing(capture);
  }

  change(filter: Filter, epoch: number): void {
    this.#capture.changeFilter(filter, epoch);
  }

  drain(): void {
    for (let full = true; full;) {
      const taken = this.#capture.drain();
      full = taken.full;
      if (taken.batch === null) continue;
      this.#builder.apply(taken.batch);
      for (let i = 0; i < taken.batch.length; i++) this.rows.push(this.#builder.row(i));
      this.#capture.recycle(taken.batch.columns);
    }
  }

  /** Ends it; what was lost. */
  end(): string {
    this.#capture.disable();
    this.drain();
    return this.#capture.loss().state;
  }

  [Symbol.dispose](): void {
    this.#capture[Symbol.dispose]();
  }
}

/** Fields on which two captures of one process may differ: each has its own clock reads, and `gap` depends on the filter. */
const OWN_FIELDS = ["gap", "iowait", "blocked", "runqueue"];

function isComparable(comparison: Comparison): boolean {
  return comparison.kind !== "number" || !OWN_FIELDS.includes(comparison.field);
}

/**
 * Whether two captures judge the latency of a row alike, though each has its own clock reads: it is not nearly one of the values
 * that it is compared with.
 */
function isClear({ latencyNs }: StreamRow, comparisons: readonly Comparison[]): boolean {
  const values = comparisons.flatMap((one) =>
    one.kind === "number" && one.field === "latency" ? one.values : []
  );
  return latencyNs === null || values.every((value) => Math.abs(latencyNs - value) >= value / 10);
}

/** The condition with numbers of processes and threads, which no one knows beforehand, moved to those of the actor. */
function ofProcess(condition: Expression, pid: number): Expression {
  switch (condition.kind) {
    case "and":
    case "or":
      return { ...condition, terms: condition.terms.map((term) => ofProcess(term, pid)) };
    case "not":
      return { ...condition, term: ofProcess(condition.term, pid) };
    case "number":
      return ["pid", "tid"].includes(condition.field)
        ? { ...condition, values: condition.values.map((value) => pid + value - 1) }
        : condition;
    default:
      return condition;
  }
}

const OWN_MEMBERS = new Set<string>([
  ...[
    "seq",
    "timeNs",
    "latencyNs",
    "gapNs",
    "iowaitNs",
    "blockedNs",
    "runqueueNs",
  ] as const satisfies (keyof StreamRow)[],
]);

/** Rows as texts without what differs between two captures, in an order that threads cannot change. */
function texts(rows: readonly StreamRow[]): string[] {
  return rows.map((row) =>
    Object.entries(row).filter(([key]) => !OWN_MEMBERS.has(key)).map(([name, value]) => `${name} ${value}`)
      .join(", ")
  ).sort();
}

Deno.test("A call that changes its thread's name, user or group is judged by what they are at its exit, however often before it was rejected", async () => {
  const words = [
    "access:/0",
    ...["tell", "wait", "access:/1", "name:sh", "access:/2", "name:actor", "access:/3"],
    ...["tell", "wait", "access:/4", "gid:1000", "access:/5"],
    ...["tell", "wait", "access:/6", "gid:0", "access:/7", "uid:1000", "access:/8"],
  ];
  await using actor = await startActor(["tell", "wait", ...words, "tell", "wait"], 1);
  const where = parseFilter("where comm = sh or uid > 0 or gid > 0").where;
  using tracing = await Tracing.start(actor.pid, {
    ...emptyFilter(),
    syscalls: ["access", "prctl", "setuid", "setgid"],
    where,
  });
  for (let told = 2; told <= 5; told++) {
    await actor.go();
    await actor.tells(told);
    tracing.drain(); // verdicts on names reach the kernel
  }
  assert.equal(tracing.end(), "none");
  assert.deepEqual(tracing.rows.map(({ syscall, path }) => [syscall, path]), [
    ["prctl", null],
    ["access", "/2"],
    ["setgid", null],
    ["access", "/5"],
    ["access", "/6"],
    ["setuid", null],
    ["access", "/8"],
  ]);
});

Deno.test("50 random conditions select live what their predicates select of all rows", async () => {
  const draw = draws();
  const folder = scratchDirectory("filters");
  for (const name of ["a", "b.log"]) Deno.writeTextFileSync(`${folder}/${name}`, "x");
  const words = [
    "access:/a/b",
    "access:/",
    `read:${folder}/a`,
    "name:sh",
    `read:${folder}/b.log`,
    `rename:${folder}/a,${folder}/A`,
    "thread:access:/a/b.log",
    "name:kworker/1",
    `rename:${folder}/A,${folder}/a`,
    "fork:access:/tmp/A",
    "fork:uid:1000",
    "fork:gid:1000",
    "getuid",
    "name:SHELL",
    "sleep:8",
  ];
  // Twice for each condition: verdicts on names are made between the two.
  const rounds = Array(2 * CONDITIONS).fill(["tell", "wait", ...words]).flat();
  await using actor = await startActor([...rounds, "tell", "wait"], 1);
  const isWaiting = () => untilInCall(actor.pid, "read", 0);
  const all: Filter = { ...emptyFilter(), syscalls: SYSCALLS.map(({ name }) => name) };
  const conditions: Filter[] = [];
  await isWaiting();
  using whole = await Tracing.start(actor.pid, all);
  using narrowed = await Tracing.start(actor.pid, all);
  while (conditions.length < CONDITIONS) {
    const where = ofProcess(randomExpression(draw), actor.pid);
    if (!comparisonsOf(where).every(isComparable)) continue;
    const filter = { ...all, where };
    conditions.push(filter);
    const epoch = conditions.length + 1;
    whole.change(all, epoch);
    narrowed.change(filter, epoch);
    for (let half = 0; half < 2; half++) {
      await actor.go();
      await actor.tells(2 * conditions.length + half);
      await isWaiting();
      whole.drain();
      narrowed.drain();
    }
  }
  assert.deepEqual([whole.end(), narrowed.end()], ["none", "none"]);
  let selected = 0;
  for (const [i, filter] of conditions.entries()) {
    const epoch = i + 2;
    const comparisons = comparisonsOf(filter.where!);
    const of = (rows: readonly StreamRow[]) =>
      rows.filter((row) => row.epoch === epoch && isClear(row, comparisons));
    const wanted = of(whole.rows).filter(compileFilter(filter));
    assert.ok(of(whole.rows).length > 2 * words.length, `${of(whole.rows).length} rows`);
    assert.deepEqual(
      texts(of(narrowed.rows)),
      texts(wanted),
      formatFilter({ ...emptyFilter(), where: filter.where }),
    );
    selected += wanted.length;
  }
  assert.ok(selected > 100, `${selected} of ${whole.rows.length} rows`);
});
