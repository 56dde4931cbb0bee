import { machineArch } from "../../bpf/mod.ts";
import { callAfter, delay } from "../../runtime/delay.ts";
import { IorError } from "../../runtime/errors.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import type { MappedIo } from "../../runtime/mapped_io.ts";
import type { Cost, Loss } from "../../runtime/loss.ts";
import type { Progress } from "../../runtime/contracts.ts";
import { sumOfRequests } from "../../runtime/report.ts";
import type { RunningCall, UringRequests } from "../../runtime/row.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import { syscallName } from "../../runtime/syscalls/mod.ts";
import { ALL_SLOW } from "../../runtime/messages.ts";
import type { CommandStatus } from "../command.ts";
import { CostSampler } from "../cost_sampler.ts";
import type { FanOut } from "../fan_out.ts";
import type { CallSwitches, TraceParts } from "./trace_parts.ts";

/**
 * Pause between two looks at the ring: while calls come in the time in which they fill a small part of it, longer when it was
 * nearly empty, longest when it has been for a while and rows are not shown at once. What a burst writes meanwhile must fit the
 * ring.
 */
const SHORTEST_POLL_MS = 4;
const BUSY_POLL_MS = 20;
const FILLED_PART = 1 / 16;
const IDLE_POLL_MS = 45;

/**
 * The longest pause: that in which a burst fills the ring, bytes a millisecond, between two bounds. The end of processes is
 * looked for as often as the shorter.
 */
const BURST_BYTES = 64_000;
const LONG_POLL_MS = 100;
const LONGEST_POLL_MS = 250;

/** Looks in a row at a nearly empty ring after which the pause is the longest: a second. */
const IDLE_LOOKS = 20;

/**
 * How long a few records may stay in the ring when rows are not shown at once: to decode and count them costs as much as
 * hundreds of rows more would. As few calls were found before, it is this part of the trace so far, up to the longest: the
 * series of the statistics is finer at first.
 */
const REST_MS = 500;
const REST_PART = 1 / 32;
const LONGEST_REST_MS = 2000;
const FEW_CALLS = 512;

/**
 * Pause between two looks at the sums: they can wait. Shorter at first, when the series of the statistics is finer, and while cells
 * are running out. A look at thousands of cells takes 10 ms, and the pause is so many times as long as the last look took.
 */
const SUMS_MS = 250;
const FIRST_SUMS_MS = 20;
const SUMS_PART = 1 / 64;
const SUMS_OUT_MS = 100;
const PAUSE_PER_LOOK = 20;
const LONGEST_SUMS_MS = 500;

/**
 * The ring is filling when it would be full after so long: a look at thousands of new cells, with one share of the CPUs among
 * fifty, has taken three seconds. ior then runs before others, and takes its turn again when the ring has not been filling for a
 * while.
 */
const FILLED_MS = 4000;
const FILLING_MS = 5000;

/** Pause between two looks at the counters of loss, which are calls of the kernel. */
const LOSS_MS = 200;

/** A ring that holds less than this at a look counts as idle. */
const IDLE_BYTES = 4096;

/** Longest time the main thread drains before timers and signals get a turn. */
const DRAIN_MS = 20;

/** Longest time until the work between two looks gets a turn: a reader that is too slow never finds the ring empty. */
const LOOK_MS = 100;

/** Longest wait for a record that was being written when the programs were detached. */
const LAST_RECORD_MS = 200;

/**
 * When memory goes back to the system: once modules are compiled and the programs are loaded, which leaves up to 20 MB of
 * freed memory and 25 MB of the program that only a start needs, and then now and again, as the allocator keeps what lies
 * between blocks in use: takes some milliseconds, and is left out after few calls.
 */
const FIRST_RETURN_MS = 1000;
const RETURN_MS = 10_000;
const RETURN_CALLS = 10_000;

/** The pause after a look that found so many bytes, which came in `sinceMs`. */
function pauseMs(pending: number, sinceMs: number, ringBytes: number): number {
  if (pending < IDLE_BYTES) return IDLE_POLL_MS;
  const fillingMs = FILLED_PART * ringBytes * sinceMs / pending;
  return Math.min(Math.max(fillingMs, SHORTEST_POLL_MS), BUSY_POLL_MS);
}

/** How long a few records may stay in the ring after a look that found so many calls, `wallMs` after the trace began. */
function restMs(calls: number, wallMs: number): number {
  return calls < FEW_CALLS ? Math.min(Math.max(REST_MS, wallMs * REST_PART), LONGEST_REST_MS) : REST_MS;
}

/** The pause while a machine is idle. */
function longestPauseMs(ringBytes: number): number {
  return Math.min(Math.max(ringBytes / BURST_BYTES, LONG_POLL_MS), LONGEST_POLL_MS);
}

/** The figures of a trace at one moment. */
export interface TraceFigures {
  /** Length of the trace so far, nanoseconds. */
  wallNs: number;
  /** From the command's exec to its end by the kernel's clock, nanoseconds; `null` while it runs, and without one. */
  commandWallNs: number | null;
  /** Calls delivered to the consumers, as rows and as sums. */
  calls: number;
  /** The part of them that has no rows, by system call. */
  summed: Record<string, number>;
  /** The highest rate that each call has been raised to, by system call; `null` when rates stay as they are. */
  raised: Record<string, number> | null;
  /** Slow calls that were added up as the ring was busy, by the power of two of their latency; `null` when all are rows. */
  missedSlow: Uint32Array | null;
  /** Calls that were selected and not delivered. */
  loss: Loss;
  /** ior's own cost. */
  cost: Cost;
  /** What page faults have read of mapped files so far; `null` when they are not followed. */
  mappedIo: MappedIo | null;
  /** How the command ended; `null` while it runs, and without one. */
  commandStatus: CommandStatus | null;
  /** Requests given to io_uring, which have no rows, by process. */
  uringRequests: UringRequests[];
}

/** A trace that has ended: every call has reached every consumer. */
export interface EndedTrace extends TraceFigures {
  /** Calls that had not returned when the trace ended, longest first. */
  running: RunningCall[];
  /** Followed children that the command left and that still ran; `null` when it has not ended, and without one. */
  childrenLeft: number | null;
}

/** When a trace ends by itself. */
export interface TraceEnd {
  /** After this long, nanoseconds, unless that is `null`. */
  durationNs: number | null;
  /** With the last of the followed processes that the command leaves, rather than with the command. */
  waitsForChildren: boolean;
}

/** A trace that runs. */
export class RunningTrace {
  /** Resolves when the trace has ended by itself or was stopped; rejects with what went wrong. */
  readonly ended: Promise<EndedTrace>;
  /** Resolves when the calls are recorded no longer; what was recorded by then is still handed on. */
  readonly stopping: Promise<void>;
  /** The command's process, `null` without one. */
  readonly commandPid: number | null;
  /** Turns calls on and off. */
  readonly calls: CallSwitches;
  readonly #parts: TraceParts;
  readonly #fanOut: FanOut;
  readonly #sampler: CostSampler;
  /** Batches decoded and not yet handed on. */
  readonly #waiting: EventBatch[] = [];
  /** Work to be done between two looks at the ring. */
  readonly #work: BetweenLooks[] = [];
  readonly #waitsForChildren: boolean;
  #isStopping = false;
  readonly #sayStopping: () => void;
  /** Ends the pause between two looks. */
  #wake = () => {};
  #elapsedNs: () => number;
  #epoch: number;
  #calls = 0;
  /** The figures of the end. */
  #final: TraceFigures | null = null;
  /** Calls without rows, by number. */
  readonly #summed = new Map<number, number>();
  /** When sums and loss are looked at next, and memory is given back, milliseconds of `performance.now()`. */
  #sumsDue = 0;
  #sumsSoonest = 0;
  #lossDue = 0;
  #returnDue = performance.now() + FIRST_RETURN_MS;
  /** From how many calls on memory is given back next. */
  #returnCalls = 0;
  #commandStatus: CommandStatus | null = null;

  /** As `AttachedTrace.run` makes it. */
  constructor(parts: TraceParts, fanOut: FanOut, { durationNs, waitsForChildren }: TraceEnd) {
    const { capture, command, epoch } = parts;
    const { promise: stopping, resolve: sayStopping } = Promise.withResolvers<void>();
    this.stopping = stopping;
    this.#sayStopping = sayStopping;
    this.#parts = parts;
    this.#fanOut = fanOut;
    this.#epoch = epoch;
    this.#waitsForChildren = waitsForChildren;
    this.#elapsedNs = () => capture.elapsedNs();
    this.calls = capture;
    this.commandPid = command?.pid ?? null;
    this.#sampler = new CostSampler(capture);
    this.#sampler.tick(performance.now()); // before the command is let go: a short one has no second sample
    command?.ended.then((status) => {
      this.#commandStatus = status;
      if (!waitsForChildren) this.#requestStop();
    }, () => this.#requestStop());
    const cancel = durationNs === null ? null : callAfter(durationNs / 1e6, () => this.#requestStop());
    this.ended = this.#run().finally(() => cancel?.());
    this.ended.catch(() => {}); // whoever awaits it sees the reason
  }

  /** The figures so far; those of the end once the trace has ended, also when it was released by then. */
  figures(): TraceFigures {
    if (this.#final !== null) return this.#final;
    const { capture, autoSampler } = this.#parts;
    return {
      wallNs: this.#elapsedNs(),
      calls: this.#calls,
      summed: byName(this.#summed),
      raised: autoSampler && byName(autoSampler.highest),
      missedSlow: capture.missedSlow(),
      loss: capture.loss(),
      cost: { ...capture.usage(), bpfNsPerRun: this.#sampler.nsPerRun },
      mappedIo: capture.mappedIo(),
      commandStatus: this.#commandStatus,
      commandWallNs: capture.commandWallNs(),
      uringRequests: capture.uringRequests(),
    };
  }

  /** The selected processes and threads that have ended: others may have their numbers. */
  endedTasks(): Pick<Filter, "pids" | "tids"> {
    return this.#parts.capture.endedTasks();
  }

  /** What has come so far. */
  progress(): Progress {
    const { capture } = this.#parts;
    const requests = this.#final?.uringRequests ?? capture.uringRequests();
    return { calls: this.#calls, loss: capture.loss(), untracedRequests: sumOfRequests(requests) };
  }

  /** Nanoseconds since the trace began, or its whole length once it has ended. */
  get wallNs(): number {
    return this.#elapsedNs();
  }

  /** Ends the trace and waits for its end; rejects with what went wrong. Safe to call more than once. */
  stop(): Promise<EndedTrace> {
    this.#requestStop();
    return this.ended;
  }

  /**
   * Does work between two looks at the ring, when no batch is on its way to the consumers. Rejects with the error of the
   * work, and when the trace ends first.
   */
  betweenLooks<Value>(work: () => Promise<Value>): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    if (this.#isStopping) reject(traceEnded());
    else this.#work.push({ run: () => work().then(resolve, reject), reject });
    this.#wake();
    return promise;
  }

  /**
   * Begins something anew for consumers that count: everything that has ended by now has reached them, and slow calls have
   * rows again when `begin` is called, which must not wait.
   *
   * @returns What `begin` resolves with; rejects when the trace has ended.
   */
  async cut<Value>(begin: () => Promise<Value>): Promise<Value> {
    const begun = await this.betweenLooks(async () => {
      this.#parts.capture.setSlow(ALL_SLOW);
      await this.#drainWritten();
      await this.#feedSums();
      return [begin()];
    });
    return await begun[0];
  }

  /** Hands on the calls without rows that have ended by now, for a snapshot of this moment. Rejects when the trace has ended. */
  async freshen(): Promise<void> {
    await this.betweenLooks(() => this.#feedSums());
  }

  /**
   * Gives every call a row from now on, or lets the kernel add calls up again. What ended before has reached the consumers
   * when `turned` is called. Rejects when the trace has ended.
   */
  giveRows(on: boolean, turned: () => void): Promise<void> {
    return this.cut(() => {
      this.#parts.capture.addUp(!on);
      turned();
      return Promise.resolve();
    });
  }

  /**
   * Changes the filter in the kernel, and hands on what was recorded under the previous one; its calls that still arrive
   * are left out. To be called between looks.
   *
   * @returns The epoch of the new filter, which batches of its calls carry.
   */
  async swapFilter(filter: Filter): Promise<number> {
    const { capture } = this.#parts;
    capture.setSlow(ALL_SLOW);
    await this.#drainWritten();
    const epoch = this.#epoch + 1;
    capture.changeFilter(filter, epoch);
    const isRead = this.#lookBehind(capture.mark());
    while (this.#decode() && !isRead());
    while (this.#waiting.length > 0 && this.#waiting[0].epoch < epoch) {
      await this.#fanOut.feed({ kind: "batch", batch: this.#waiting.shift()! });
    }
    await this.#feedSums();
    return this.#epoch = epoch;
  }

  /** Ends the recording of calls at once, also while a consumer lags; the rest of the work is the loop's. */
  #requestStop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { capture } = this.#parts;
    const wallNs = capture.elapsedNs();
    this.#elapsedNs = () => wallNs;
    capture.disable();
    this.#sayStopping();
    this.#wake();
  }

  async #run(): Promise<EndedTrace> {
    const { capture } = this.#parts;
    let idleLooks = 0;
    let lookedMs = performance.now();
    let drainedMs = lookedMs - this.wallNs / 1e6;
    let fillingEnds = 0;
    let restEnds = 0;
    const looksForEnd = capture.selectsTasks || this.#waitsForChildren;
    const longestMs = looksForEnd ? LONG_POLL_MS : longestPauseMs(this.#parts.ringBytes);
    try {
      while (!this.#isStopping) {
        const pending = capture.pendingBytes;
        const sinceMs = performance.now() - lookedMs;
        lookedMs += sinceMs;
        const isIdle = pending < IDLE_BYTES;
        const filledMs = this.#parts.ringBytes / pending * (lookedMs - drainedMs);
        if (filledMs < FILLED_MS) fillingEnds = lookedMs + FILLING_MS;
        if (!this.#parts.keepsTurn) capture.runFirst(lookedMs < fillingEnds);
        idleLooks = isIdle ? idleLooks + 1 : 0;
        let isEmpty = true;
        const rests = isIdle && capture.addsUp && lookedMs < restEnds && this.#work.length === 0;
        if (!rests || !capture.passSums()) {
          const before = this.#calls;
          isEmpty = await this.#look();
          drainedMs = performance.now();
          restEnds = drainedMs + restMs(this.#calls - before, this.wallNs / 1e6);
        }
        this.#sampler.tick(performance.now());
        if (capture.selectsTasks && capture.haveTasksEnded) break;
        if (this.#waitsForChildren && this.#commandStatus !== null && capture.commandChildren() === 0) break;
        if (!isEmpty) continue;
        await this.#pause(
          capture.addsUp && idleLooks >= IDLE_LOOKS
            ? longestMs
            : pauseMs(pending, sinceMs, this.#parts.ringBytes),
        );
      }
      this.#sampler.stop();
    } finally {
      this.#requestStop();
      for (const { reject } of this.#work.splice(0)) reject(traceEnded());
    }
    await this.#drainRest();
    capture.runFirst(false);
    this.#noteLoss();
    const running = capture.running();
    const figures = this.#final = this.figures();
    const childrenLeft = figures.commandWallNs === null ? null : capture.commandChildren();
    return { ...figures, running, childrenLeft };
  }

  /** Hands on what is there now, and does the work between two looks. Resolves to false when there may be more. */
  async #look(): Promise<boolean> {
    const { capture } = this.#parts;
    const lookEnds = performance.now() + LOOK_MS;
    // A writer that is faster than this reader would keep the trace from its end: the rest is read when it is off.
    const isEmpty = await this.#drain(() => this.#isStopping || performance.now() >= lookEnds);
    if (performance.now() >= (capture.areSumsRunningOut ? this.#sumsSoonest : this.#sumsDue)) {
      await this.#feedSums();
    }
    if (performance.now() >= this.#lossDue) this.#noteLoss();
    if (performance.now() >= this.#returnDue) this.#returnMemory();
    for (const { run } of this.#work.splice(0)) await run();
    capture.setSlow(this.#fanOut.slow);
    return isEmpty;
  }

  /**
   * Hands what is in the ring now to the consumers; while one of them lags, nothing is read. Resolves to false when it had
   * enough before the end.
   */
  async #drain(isEnough = () => false): Promise<boolean> {
    let turnEnds = performance.now() + DRAIN_MS;
    let full = true;
    while (!isEnough() && (full || this.#waiting.length > 0)) {
      if (this.#waiting.length === 0) full = this.#decode();
      const batch = this.#waiting.shift();
      if (!batch) continue;
      if (batch.epoch < this.#epoch) this.#leaveOut(batch);
      await this.#fanOut.feed({ kind: "batch", batch });
      if (performance.now() >= turnEnds) {
        await delay(0);
        turnEnds = performance.now() + DRAIN_MS;
      }
    }
    return !full && this.#waiting.length === 0;
  }

  /** Hands what has been written by now to the consumers: a writer that is faster than this reader would never let it end. */
  async #drainWritten(): Promise<void> {
    const isRead = this.#lookBehind(this.#parts.capture.mark());
    await this.#drain(() => this.#waiting.length === 0 && isRead());
  }

  /** `isRead` as it was the last time: what it says is read may be in the batch after that. */
  #lookBehind(isRead: () => boolean): () => boolean {
    let wasRead = false;
    return () => {
      const before = wasRead;
      wasRead = isRead();
      return before;
    };
  }

  /** Hands on the calls without rows that have ended since the last time. */
  async #feedSums(): Promise<void> {
    const lookedMs = performance.now();
    const cells = this.#parts.capture.takeSums(this.#epoch);
    if (cells !== null) {
      const { nr, calls } = cells.columns;
      for (let i = 0; i < cells.length; i++) {
        this.#calls += calls[i];
        this.#summed.set(nr[i], (this.#summed.get(nr[i]) ?? 0) + calls[i]);
      }
      await this.#fanOut.feed({ kind: "sums", cells, sampled: true });
    }
    const nowMs = performance.now();
    const costMs = Math.min(PAUSE_PER_LOOK * (nowMs - lookedMs), LONGEST_SUMS_MS);
    const pauseMs = Math.min(SUMS_MS, Math.max(FIRST_SUMS_MS, this.wallNs / 1e6 * SUMS_PART));
    this.#sumsDue = nowMs + Math.max(pauseMs, costMs);
    this.#sumsSoonest = nowMs + Math.min(pauseMs, SUMS_OUT_MS);
  }

  #noteLoss(): void {
    this.#fanOut.noteLoss(() => this.#parts.capture.loss(), this.wallNs);
    this.#lossDue = performance.now() + LOSS_MS;
  }

  #returnMemory(): void {
    this.#returnDue = performance.now() + RETURN_MS;
    if (this.#calls < this.#returnCalls) return;
    this.#parts.capture.returnMemory();
    this.#returnCalls = this.#calls + RETURN_CALLS;
  }

  /** Only the names of a batch of a previous filter are needed. */
  #leaveOut(batch: EventBatch): void {
    this.#calls -= batch.length;
    batch.length = 0;
  }

  /** Decodes the next batch into the queue; true when there may be more. */
  #decode(): boolean {
    const { capture, autoSampler, ringBytes } = this.#parts;
    autoSampler?.look(capture.pendingBytes / ringBytes, performance.now());
    const { batch, full } = capture.drain();
    if (batch) {
      autoSampler?.count(batch);
      this.#calls += batch.length;
      this.#waiting.push(batch);
    }
    return full;
  }

  /** Takes the rest after the programs are detached: one may still be writing its record. */
  async #drainRest(): Promise<void> {
    const { capture } = this.#parts;
    const deadline = performance.now() + LAST_RECORD_MS;
    do {
      await this.#drain();
      if (capture.pendingBytes > 0) await delay(1);
    } while (capture.pendingBytes > 0 && performance.now() < deadline);
    await this.#feedSums();
  }

  /** Waits for the next look at the ring, for work between looks, or for the end of the trace. */
  #pause(ms: number): Promise<void> {
    if (this.#isStopping || this.#work.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Numbers by the names of calls. */
function byName(byNumber: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries(Array.from(byNumber, ([nr, value]) => [syscallName(machineArch(), nr), value]));
}

interface BetweenLooks {
  run(): Promise<void>;
  reject(reason: IorError): void;
}

/** The error of a request that comes too late. */
export function traceEnded(): IorError {
  return new IorError("runtime", "The trace has ended");
}
