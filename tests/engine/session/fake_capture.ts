/** A kernel side for sessions in tests: batches are put into it, and what it is told is kept. */
import type { CaptureOptions } from "../../../bpf/mod.ts";
import type { TraceCapture } from "../../../engine/session/trace_parts.ts";
import type { CallCells, SlowLimits } from "../../../runtime/call_cells.ts";
import { ALL_SLOW } from "../../../runtime/messages.ts";
import { type EventBatch, NO_FILE } from "../../../runtime/event_batch.ts";
import { LOSS_KINDS, lossOf } from "../../../runtime/loss.ts";
import type { LossKind } from "../../../runtime/loss.ts";
import type { CallSet, Filter } from "../../../runtime/filter/mod.ts";
import { syscallByNumber } from "../../../runtime/syscalls/mod.ts";
import { machineArch } from "../../../engine/mod.ts";
import { batchOf, type Call, taskName } from "../batches.ts";
import { callCells } from "../cells.ts";

const NO_LOSS = lossOf(Object.fromEntries(LOSS_KINDS.map((kind) => [kind, 0])) as Record<LossKind, number>);

const nameOf = (nr: number) => syscallByNumber(machineArch(), nr)!.name;

/** What the fake kernel was told, in its order. */
export type Told =
  | { kind: "attach" | "disable" | "dispose" }
  | { kind: "filter"; filter: Filter; epoch: number }
  | { kind: "calls"; calls: CallSet };

/** A kernel side that captures what a test puts into it. */
export class FakeCapture implements TraceCapture {
  readonly told: Told[] = [];
  readonly start = { wallNs: 5n, bootNs: 7n };
  readonly libbpfVersion = "1.1";
  readonly lacksSymbols = null;
  readonly lacksMajorFaults = null;
  readonly #options: CaptureOptions;
  readonly #ring: EventBatch[] = [];
  /** Batches read so far. */
  #read = 0;
  #enabled: Set<string>;
  #epoch: number;
  /** Called by a change of the filter, before it is in force: calls of a busy machine come at any moment. */
  onChange: () => void = () => {};

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#enabled = new Set(options.selection.syscalls);
    this.#epoch = options.epoch;
    this.addsUp = options.addsUp ?? false;
    this.extras = options.extras;
  }

  /** Calls of the filter in force, or of another epoch. */
  record(calls: Call[], names: Parameters<typeof batchOf>[1] = {}): void {
    const firstSeq = this.#options.sequencer.take(calls.length);
    this.#ring.push(batchOf(calls, { epoch: this.#epoch, firstSeq, ...names }));
  }

  pendingBytes = 0;
  readonly extras: CaptureOptions["extras"];

  drain(): { batch: EventBatch | null; full: boolean } {
    const batch = this.#ring.shift() ?? null;
    if (batch !== null) this.#read++;
    return { batch, full: batch !== null };
  }

  mark(): () => boolean {
    const end = this.#read + this.#ring.length;
    return () => this.#read >= end;
  }

  changeFilter(filter: Filter, epoch: number): void {
    this.onChange();
    this.told.push({ kind: "filter", filter, epoch });
    this.#enabled = new Set(filter.syscalls);
    this.#epoch = epoch;
  }

  selectCalls(calls: CallSet): void {
    this.told.push({ kind: "calls", calls });
    this.#enabled = new Set(calls.syscalls);
  }

  isCallEnabled(nr: number): boolean {
    return this.#enabled.has(nameOf(nr));
  }

  attach(): void {
    this.told.push({ kind: "attach" });
  }

  disable(): void {
    this.told.push({ kind: "disable" });
    this.onDisable();
  }

  [Symbol.dispose](): void {
    this.told.push({ kind: "dispose" });
  }

  /** Sums that the next look finds: of the epoch in force, and of the one before. */
  sums: CallCells | null = null;
  sumsOfLast: CallCells | null = null;
  /** Called when calls are not captured any more. */
  onDisable: () => void = () => {};

  takeSums(epoch: number): CallCells | null {
    const of = epoch === this.#epoch ? "sums" : "sumsOfLast";
    const sums = this[of];
    this[of] = null;
    return sums;
  }

  /** Rates that were set, by number. */
  readonly rates = new Map<number, number>();

  setRate(nr: number, rate: number): void {
    this.rates.set(nr, rate);
  }

  /** Whether calls may be added up, and which have rows all the same. */
  addsUp: boolean;
  slow: SlowLimits = ALL_SLOW;

  addUp(on: boolean): void {
    this.addsUp = on;
  }

  /** Whether the process ran first at each look. */
  readonly first: boolean[] = [];
  runFirst(on: boolean): void {
    this.first.push(on);
  }

  setSlow(limits: SlowLimits): void {
    this.slow = limits;
  }

  passSums = () => true;
  areSumsRunningOut = false;
  missedSlow = () => null;
  addProcess(): void {}
  selectsTasks = false;
  haveTasksEnded = false;
  endedTasks = () => ({ pids: [], tids: [] });
  recycle(): void {}
  running = () => [];
  uringRequests = () => [];
  mappedIo: TraceCapture["mappedIo"] = () => null;
  commandWallNs = () => null;
  commandChildren = () => 0;
  loss = () => NO_LOSS;
  sampleCost = () => false;
  returnMemory = () => {};
  cost = () => ({ enter: { runTimeNs: 0, runCount: 0 }, exit: { runTimeNs: 0, runCount: 0 } });
  usage = () => ({ cpuNs: 0, maxRssBytes: 0 });
  elapsedNs = () => 9;
}

const NONE = { indexes: [], counts: [] };

const histograms = (calls: number) => ({
  latency: { indexes: [1], counts: [calls] },
  gap: NONE,
  size: NONE,
});

/** Calls that the kernel has added up, by thread 1. */
export const sumsOf = (...counts: [nr: number, calls: number][]): CallCells =>
  callCells({
    cells: counts.map(([nr, calls]) => ({
      ...{
        nr,
        task: 1,
        file: NO_FILE,
        oldFile: NO_FILE,
        errno: 0,
        hasFd: false,
        flags: 0,
        calls,
        returned: calls,
      },
      ...{
        bytes: 0,
        totalNs: calls,
        gapNs: 0,
        tinyNs: 0,
        maxNs: 1,
        ...histograms(calls),
      },
    })),
    sinceNs: 0,
    timeNs: 1,
    tasks: [taskName(1, 70)],
    files: [],
  });
