import assert from "node:assert/strict";
import { type CellFacts, type CellKey, Sums } from "../../bpf/sums.ts";
import { CALLS, CellKind, CELLS, CHUNKS, OCTAVES, Offset, Size } from "../../bpf/wire.ts";
import { bucketIndex } from "../../engine/stats/buckets.ts";
import { EventFlag, NO_FILE } from "../../runtime/event_batch.ts";
import { random, testSeed } from "../engine/batches.ts";
import { plainCells } from "../engine/cells.ts";

/** The kernel side of the sums: it gives out cells and adds to them as `sums.h` does. */
class FakeKernel {
  readonly memory = {
    head: new ArrayBuffer(Size.sums),
    cells: new ArrayBuffer(2 * CELLS * Size.cell),
    chunks: new ArrayBuffer(2 * CHUNKS * Size.chunk),
  };
  readonly #head = new DataView(this.memory.head);
  readonly #cells = new DataView(this.memory.cells);
  readonly #chunks = new Uint32Array(this.memory.chunks);

  get round(): number {
    return this.#head.getUint32(Offset.sums.round, true);
  }

  rate(nr: number): number {
    return this.#head.getUint32(Offset.sums.rates + 4 * nr, true);
  }

  /** The next cell of the round, `null` when there is none. */
  cell(): number | null {
    const half = this.round & 1;
    const number = this.#next(Offset.sums.cells + 4 * half);
    return number < CELLS ? half * CELLS + number : null;
  }

  /** The next cell of the round, with its key in memory. */
  ownCell({ taskId, nr, fileId, oldFileId, kind, filter }: Omit<CellKey, "cell" | "round">): number {
    const cell = this.cell()!;
    [taskId, nr, fileId, oldFileId, kind | CellKind.WRITTEN, filter].forEach((value, i) =>
      this.#cells.setUint32(cell * Size.cell + Offset.cell.own + 4 * i, value, true)
    );
    return cell;
  }

  /** False when there is no chunk. */
  add(cell: number, ns: number, bytes: number, gapNs = 0): boolean {
    const at = cell * Size.cell;
    const counters = [ns, gapNs, bytes].map((value, histogram) => this.#counter(cell, histogram, value));
    if (counters.some((counter) => counter === null)) return false;
    this.#grow(at + Offset.cell.total_ns, ns);
    this.#grow(at + Offset.cell.bytes, bytes);
    this.#grow(at + Offset.cell.gap_ns, gapNs);
    const max = this.#cells.getBigUint64(at + Offset.cell.max_ns, true);
    if (ns > max) this.#cells.setBigUint64(at + Offset.cell.max_ns, BigInt(ns), true);
    const calls = at + Offset.cell.calls;
    this.#cells.setUint32(calls, this.#cells.getUint32(calls, true) + 1, true);
    for (const counter of counters) this.#chunks[counter!]++;
    return true;
  }

  /** Where a value is counted; `null` when there is no chunk. */
  #counter(cell: number, histogram: number, value: number): number | null {
    const half = Math.floor(cell / CELLS);
    const bucket = bucketIndex(value);
    const octave = histogram * OCTAVES + Math.floor(bucket / 32);
    const at = cell * Size.cell + Offset.cell.chunks + 2 * octave;
    if (this.#cells.getUint16(at, true) === 0) {
      const chunk = this.#next(Offset.sums.chunks + 4 * half);
      if (chunk >= CHUNKS) return null;
      this.#cells.setUint16(at, chunk, true);
    }
    return (half * CHUNKS + this.#cells.getUint16(at, true)) * 32 + bucket % 32;
  }

  #next(counter: number): number {
    const next = this.#head.getUint32(counter, true) + 1;
    this.#head.setUint32(counter, next, true);
    return next;
  }

  #grow(at: number, by: number): void {
    this.#cells.setBigUint64(at, this.#cells.getBigUint64(at, true) + BigInt(by), true);
  }
}

const factsOf = (cell: number, round: number, other: Partial<CellFacts> = {}): CellFacts => ({
  cell,
  round,
  nr: 0,
  task: { id: 7, name: { pid: 1, tid: 2, uid: 3, comm: "a", processStartNs: 4 } },
  file: { id: 9, name: { path: "/a" } },
  oldFile: null,
  errno: 0,
  hasFd: true,
  flags: 0,
  waits: false,
  onlyWrites: false,
  epoch: 1,
  isWanted: true,
  lacksName: false,
  ...other,
});

const NOTHING = { calls: 0, ns: 0, bytes: 0, gap: 0, max: 0 };

Deno.test("Looks together have every call once, in the buckets of the engine", () => {
  const next = random(testSeed());
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const cells = Array.from({ length: 20 }, () => kernel.cell()!);
  for (const cell of cells) sums.announce(factsOf(cell, 0));
  const [wanted, found] = [new Map<number, number>(), new Map<number, number>()];
  const [made, taken] = [{ ...NOTHING }, { ...NOTHING }];
  let others = 0;
  for (let look = 0; look < 20; look++) {
    for (let i = 0; i < 200; i++) {
      const ns = Math.floor(2 ** (40 * next()));
      const cell = cells[Math.floor(next() * cells.length)];
      kernel.add(cell, ns, i, 2 * i);
      wanted.set(bucketIndex(ns), (wanted.get(bucketIndex(ns)) ?? 0) + 1);
      made.calls++;
      made.ns += ns;
      made.bytes += i;
      made.gap += 2 * i;
      made.max = Math.max(made.max, ns);
    }
    for (const cell of plainCells(sums.take(1, look))) {
      assert.equal(cell.returned, cell.calls);
      taken.calls += cell.calls;
      taken.ns += cell.totalNs;
      taken.bytes += cell.bytes;
      taken.gap += cell.gapNs;
      taken.max = Math.max(taken.max, cell.maxNs);
      const { indexes, counts } = cell.latency;
      indexes.forEach((index, i) => found.set(index, (found.get(index) ?? 0) + counts[i]));
      assert.deepEqual([...indexes], [...indexes].sort((a, b) => a - b));
      for (const { counts } of [cell.gap, cell.size]) others += counts.reduce((sum, count) => sum + count, 0);
    }
  }
  assert.deepEqual(taken, made);
  assert.equal(others, 2 * made.calls);
  assert.deepEqual(new Map([...found].sort()), new Map([...wanted].sort()));
  assert.equal(sums.take(1, 99), null, "nothing has grown");
  assert.equal(Math.floor(bucketIndex(2 ** 40 - 1) / 32), OCTAVES - 1, "the longest latency has a place");
});

Deno.test("The longest call of a look is of that look", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const cell = kernel.cell()!;
  sums.announce(factsOf(cell, 0));
  kernel.add(cell, 5000, 0);
  assert.equal(plainCells(sums.take(1, 0))[0].maxNs, 5000);
  kernel.add(cell, 40, 0);
  assert.equal(plainCells(sums.take(1, 0))[0].maxNs, 40);
});

Deno.test("Names are sent once, in slots of their own, and stay what they were when the cell was announced", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const [a, b] = [kernel.cell()!, kernel.cell()!];
  sums.announce(factsOf(a, 0, { file: null }));
  sums.announce(factsOf(b, 0, { oldFile: { id: 11, name: { path: "/old" } } }));
  for (const cell of [a, b]) kernel.add(cell, 1, 5);
  const first = sums.take(1, 3)!;
  assert.equal(first.timeNs, 3);
  assert.deepEqual([first.tasks.length, first.files.map(({ path }) => path)], [1, ["/a", "/old"]]);
  const [one, other] = plainCells(first);
  assert.deepEqual([one.file, one.oldFile], [NO_FILE, NO_FILE]);
  assert.deepEqual([other.file, other.oldFile], first.files.map(({ slot }) => slot));
  assert.equal(one.task, first.tasks[0].slot);
  kernel.add(a, 1, 0);
  const second = sums.take(1, 4)!;
  assert.deepEqual([second.tasks, second.files], [[], []]);
});

Deno.test("Calls of another epoch and calls that are not wanted stay where they are", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const [old, unwanted, later] = [kernel.cell()!, kernel.cell()!, kernel.cell()!];
  sums.announce(factsOf(old, 0));
  sums.announce(factsOf(unwanted, 0, { isWanted: false }));
  sums.announce(factsOf(later, 0, { epoch: 2 }));
  for (const cell of [old, unwanted, later]) kernel.add(cell, cell, 0);
  assert.deepEqual(plainCells(sums.take(1, 0)).map(({ totalNs }) => totalNs), [old]);
  assert.deepEqual(plainCells(sums.take(2, 0)).map(({ totalNs }) => totalNs), [later]);
});

Deno.test("What cells grow by counts from the last time that they were passed as they were", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const [resting, growing] = [kernel.cell()!, kernel.cell()!];
  assert.equal(sums.pass(10), false, "two cells are not known yet");
  for (const cell of [resting, growing]) sums.announce(factsOf(cell, 0));
  const taken = (timeNs: number) => plainCells(sums.take(1, timeNs)).map(({ sinceNs }) => sinceNs);
  for (const cell of [resting, growing]) kernel.add(cell, 1, 0);
  assert.deepEqual(taken(20), [0, 0]);
  kernel.add(growing, 1, 0);
  assert.equal(sums.pass(30), true);
  const added = kernel.cell()!;
  assert.equal(sums.pass(35), false);
  sums.announce(factsOf(added, 0));
  for (const cell of [resting, growing, added]) kernel.add(cell, 1, 0);
  assert.deepEqual(taken(40), [30, 20, 30]);
  for (const cell of [resting, growing, added]) kernel.add(cell, 1, 0);
  assert.deepEqual(taken(50), [40, 40, 40]);
});

Deno.test("A cell that grows much is not passed, unless nobody wants its calls", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const [wanted, unwanted, later] = [kernel.cell()!, kernel.cell()!, kernel.cell()!];
  sums.announce(factsOf(wanted, 0));
  sums.announce(factsOf(unwanted, 0, { isWanted: false }));
  sums.announce(factsOf(later, 0, { epoch: 2 }));
  assert.equal(sums.take(1, 10), null);
  for (let i = 0; i < 1001; i++) for (const cell of [unwanted, later]) kernel.add(cell, 1, 0);
  for (let i = 0; i < 1000; i++) kernel.add(wanted, 1, 0);
  assert.equal(sums.pass(20), true);
  kernel.add(wanted, 1, 0);
  assert.equal(sums.pass(30), false);
  assert.equal(plainCells(sums.take(1, 40))[0].calls, 1001);
  assert.equal(sums.pass(50), true);
});

Deno.test("A million keys one after the other are all counted, in the cells of two rounds", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const keysBetweenLooks = CELLS * 5 / 8;
  let [made, taken, asRows] = [0, 0, 0];
  for (let key = 0; key < 1_000_000; key++) {
    const cell = kernel.cell();
    if (cell === null) asRows++;
    else {
      sums.announce(factsOf(cell, kernel.round, { task: { id: key, name: factsOf(0, 0).task.name } }));
      assert.ok(kernel.add(cell, 100, 0));
      made++;
    }
    if (key % keysBetweenLooks === 0) {
      for (const { calls } of plainCells(sums.take(1, key))) taken += calls;
    }
  }
  for (const { calls } of plainCells(sums.take(1, 0))) taken += calls;
  assert.equal(taken, made);
  assert.ok(
    asRows < 1_000_000 / 2 && kernel.round > 30,
    `${asRows} calls have found no cell in ${kernel.round} rounds`,
  );
});

Deno.test("Cells are running out until a look begins the next round, and the last one is emptied", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  for (let i = 1; i < CELLS * 3 / 4; i++) sums.announce(factsOf(kernel.cell()!, 0));
  assert.equal(sums.isRunningOut, false);
  sums.announce(factsOf(kernel.cell()!, 0));
  assert.equal(sums.isRunningOut, true);
  sums.take(1, 1);
  assert.deepEqual([kernel.round, sums.isRunningOut], [1, true]);
  sums.take(1, 2);
  assert.equal(sums.isRunningOut, false);
});

Deno.test("A half is not emptied before all its cells are known, nor when the kernel cannot tell who has left", () => {
  for (const [leaves, rounds] of [[true, 2], [false, 1]] as const) {
    const kernel = new FakeKernel();
    const sums = new Sums(kernel.memory, () => leaves);
    const first = kernel.cell()!;
    for (let i = 1; i < CELLS * 3 / 4; i++) sums.announce(factsOf(kernel.cell()!, 0));
    sums.take(1, 0);
    assert.equal(kernel.round, 1);
    for (let i = 0; i < CELLS * 3 / 4; i++) sums.announce(factsOf(kernel.cell()!, 1));
    sums.take(1, 0);
    assert.equal(kernel.round, 1, "the first cell is still on its way");
    kernel.add(first, 1, 0);
    sums.announce(factsOf(first, 0));
    assert.equal(sums.take(1, 0)!.length, 1);
    sums.take(1, 0);
    assert.equal(kernel.round, rounds);
  }
});

Deno.test("All calls are rows until a rate is set, and numbers beyond the table share one", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  assert.deepEqual([kernel.rate(0), kernel.rate(CALLS - 1)], [1, 1]);
  sums.setRate(0, 100);
  sums.setRate(60_000, 0);
  assert.deepEqual([kernel.rate(0), kernel.rate(1), kernel.rate(CALLS - 1)], [100, 1, 0]);
});

Deno.test("A rate of a negative number is that of numbers beyond the table, and nothing else is written", () => {
  for (const nr of [-1, -100, -(2 ** 31)]) {
    const kernel = new FakeKernel();
    const sums = new Sums(kernel.memory, () => true);
    const before = new Uint8Array(kernel.memory.head.slice(0, Offset.sums.rates));
    sums.setRate(nr, 64);
    assert.equal(kernel.rate(CALLS - 1), 64, `${nr}`);
    assert.deepEqual(new Uint8Array(kernel.memory.head, 0, Offset.sums.rates), before, `${nr}`);
  }
});

Deno.test("Limits of slow calls, what waits, and what was missed are where the programs have them", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const head = new DataView(kernel.memory.head);
  const limits = () =>
    [Offset.sums.slow_ns, Offset.sums.slow_waits_ns].map((at) => head.getBigUint64(at, true));
  sums.setSlow({ filesNs: 5, waitingNs: Infinity });
  assert.deepEqual(limits(), [5n, 2n ** 64n - 1n]);
  sums.setSlow({ filesNs: 0, waitingNs: 2 ** 40 });
  assert.deepEqual(limits(), [0n, 2n ** 40n]);
  const [waiting, other] = [kernel.cell()!, kernel.cell()!];
  sums.announce(factsOf(waiting, 0, { waits: true }));
  sums.announce(factsOf(other, 0));
  const cells = new DataView(kernel.memory.cells);
  const waits = [waiting, other].map((cell) => cells.getUint32(cell * Size.cell + Offset.cell.waits, true));
  assert.deepEqual(waits, [1, 0]);
  head.setUint32(Offset.sums.missed + 4 * 20, 3, true);
  assert.deepEqual([sums.missed().length, sums.missed()[20]], [64, 3]);
});

Deno.test("Cells with their key in memory are told until they are announced, and calls without names are counted", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const key = { taskId: 7, nr: -1, fileId: 9, oldFileId: 0, kind: CellKind.HAS_FD | 2, filter: 1 };
  const named = kernel.cell()!;
  const own = kernel.ownCell(key);
  const nameless = kernel.ownCell({ ...key, kind: CellKind.NO_FILES });
  const told = () => [...sums.ownCells()];
  assert.deepEqual(told()[0], { cell: own, round: 0, ...key });
  assert.deepEqual(told().map(({ cell }) => cell), [own, nameless]);
  sums.announce(factsOf(own, 0));
  sums.announce(factsOf(nameless, 0, { lacksName: true, flags: EventFlag.NO_RETURN }));
  assert.deepEqual(told(), []);
  sums.announce(factsOf(named, 0));
  kernel.add(own, 5, 1);
  kernel.add(nameless, 0, 1);
  kernel.add(nameless, 0, 1);
  const cells = plainCells(sums.take(1, 10));
  assert.deepEqual(cells.map(({ calls, returned, latency }) => [calls, returned, latency.counts.length]), [
    [1, 1, 1],
    [2, 0, 0],
  ]);
  assert.equal(sums.unnamed, 2);
});

Deno.test("A cell with its key in memory is of the round of its half", () => {
  const kernel = new FakeKernel();
  const sums = new Sums(kernel.memory, () => true);
  const key = { taskId: 7, nr: 0, fileId: 0, oldFileId: 0, kind: 0, filter: 0 };
  while (kernel.round === 0) {
    sums.announce(factsOf(kernel.cell()!, 0));
    sums.take(1, 1);
  }
  const [before, now] = [kernel.round - 1, kernel.round];
  const own = kernel.ownCell(key);
  assert.deepEqual([...sums.ownCells()].map(({ cell, round }) => [cell, round]), [[own, now]]);
  assert.equal(before, 0);
});
