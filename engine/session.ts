import { setTimeout as delay } from "node:timers/promises";
import { Capture, machineArch, type ProcessWatch, spareDescriptor } from "../bpf/mod.ts";
import type { TraceContext, TraceSession, TraceStarter } from "../runtime/contracts.ts";
import { IorError } from "../runtime/errors.ts";
import { columnsBuffer, type EventBatch, type EventColumns } from "../runtime/event_batch.ts";
import type { Cost, Loss } from "../runtime/loss.ts";
import type { RunningCall, UringRequests } from "../runtime/row.ts";
import type { BatchConsumer } from "./batch_consumer.ts";
import { type CommandPlan, type CommandStatus, HeldCommand } from "./command.ts";
import { CostSampler } from "./cost_sampler.ts";
import { RowSequencer } from "./sequencer.ts";
import { StreamFeed } from "./stream_feed.ts";

/** Pause between two looks at the ring: short while calls come in, longer when it was nearly empty. */
const BUSY_POLL_MS = 4;
const IDLE_POLL_MS = 50;

/** A ring that held less than this at a look counts as idle. */
const IDLE_BYTES = 4096;

/** Longest time the main thread drains before timers and signals get a turn. */
const DRAIN_MS = 20;

/** Longest wait for a record that was being written when the programs were detached. */
const LAST_RECORD_MS = 200;

/** What a session needs beyond the filter. */
export interface TracePlan {
  /** Size of the ring, a power of two of at least a page. */
  ringBytes: number;
  /** Ends the trace after this long, nanoseconds. */
  durationNs: number | null;
  /** What to start and trace, `null` for nothing. */
  command: Omit<CommandPlan, "gateDescriptor"> | null;
  /**
   * Called when the command's process is there, or at once without one: what changes ior's own signals belongs here,
   * the command would inherit it.
   */
  onCommandHeld?: () => void;
  /** Asked before the command is let go: true gives up. */
  isInterrupted?: () => Promise<boolean>;
  /**
   * Makes what takes the batches, in this order; they start while the kernel loads the programs. The last one may keep
   * a batch's columns, and gives them back emptied through `recycle`.
   */
  consumers: (recycle: (columns: EventColumns) => void) => Promise<BatchConsumer[]>;
  /** Kernel object in place of ior's own. */
  object?: Uint8Array<ArrayBuffer>;
}

/** What is known of a session before its first row. */
export interface SessionFacts {
  /** When the trace began, nanoseconds since 1970. */
  startedWallNs: bigint;
  /** Version of the system's libbpf. */
  libbpfVersion: string;
}

/** The figures of a trace that has ended. */
export interface TraceSummary {
  /** Length of the trace, nanoseconds. */
  wallNs: number;
  /** Calls delivered to the consumers. */
  calls: number;
  /** Calls that were selected and not delivered. */
  loss: Loss;
  /** ior's own cost over the whole trace. */
  cost: Cost;
  /** From the command's release to its exit, nanoseconds; `null` while it runs, and without one. */
  commandWallNs: number | null;
  /** How the command ended; `null` while it runs, and without one. */
  commandStatus: CommandStatus | null;
  /** Calls that had not returned when the trace ended, longest first. */
  running: RunningCall[];
  /** Requests given to io_uring, which have no rows, by process. */
  uringRequests: UringRequests[];
}

/** A trace that runs in this process. */
export class LiveSession implements TraceSession {
  /** Known from the start on. */
  readonly facts: SessionFacts;
  readonly ended: Promise<void>;
  /** The started command's process, `null` without one. */
  readonly commandPid: number | null;
  readonly #capture: Capture;
  readonly #consumers: readonly BatchConsumer[];
  readonly #feed: StreamFeed | null;
  readonly #command: HeldCommand | null;
  readonly #watches: readonly ProcessWatch[];
  readonly #stopping = new AbortController();
  readonly #sampler: CostSampler;
  readonly #resources: AsyncDisposableStack;
  readonly #waiting: EventBatch[] = [];
  #calls = 0;
  #wallNs: number | null = null;
  #loss: Loss | null = null;
  #cost: Cost | null = null;
  #running: RunningCall[] = [];
  #uringRequests: UringRequests[] = [];
  #commandStatus: CommandStatus | null = null;
  #releasedNs = 0;
  #commandWallNs: number | null = null;

  private constructor(parts: SessionParts, plan: TracePlan) {
    this.facts = parts.facts;
    this.#capture = parts.capture;
    this.#consumers = parts.consumers;
    this.#feed = parts.feed;
    this.#command = parts.command;
    this.#watches = parts.watches;
    this.#resources = parts.resources;
    this.commandPid = parts.command?.pid ?? null;
    this.#sampler = new CostSampler(parts.capture);
    this.#sampler.tick(performance.now()); // before the command is let go: a short one has no second sample
    this.#command?.ended.then((status) => {
      this.#commandStatus = status;
      this.#commandWallNs = this.#capture.elapsedNs() - this.#releasedNs;
    }, () => {}).finally(() => this.#requestStop());
    if (plan.durationNs !== null) {
      const timer = setTimeout(() => this.#requestStop(), plan.durationNs / 1e6);
      this.#stopping.signal.addEventListener("abort", () => clearTimeout(timer));
    }
    this.ended = this.#run();
    this.ended.catch(() => {}); // whoever awaits it sees the reason
  }

  /**
   * Loads, starts the command held, attaches, lets it go.
   *
   * @throws {IorError} When any of it fails; nothing is left behind then.
   */
  static async start(context: TraceContext, plan: TracePlan): Promise<LiveSession> {
    const selection = context.filter();
    if (!selection) throw new IorError("runtime", "Cannot start a trace without a filter");
    await using resources = new AsyncDisposableStack();
    // The command reaches its gate, and workers start, while the kernel loads the programs.
    const command = plan.command &&
      HeldCommand.start({ ...plan.command, gateDescriptor: spareDescriptor() });
    if (command) resources.defer(() => command.abandon());
    plan.onCommandHeld?.();
    let capture: Capture | null = null;
    const starting = plan.consumers((columns) => capture?.recycle(columns));
    resources.defer(async () => {
      const consumers = await starting.catch(() => []);
      for (const consumer of consumers) {
        if (isAsyncDisposable(consumer)) await consumer[Symbol.asyncDispose]();
      }
    });
    const bindings = context.bindings();
    capture = resources.use(Capture.load({
      selection,
      launches: command !== null,
      ringBytes: plan.ringBytes,
      sequencer: bindings?.streamSequencer() ?? new RowSequencer(),
      epoch: bindings?.filterEpoch() ?? 1,
      object: plan.object,
    }));
    const watches = selection.pids.map((pid) => resources.use(capture.watchProcess(pid)));
    const buffer = bindings?.streamBuffer() ?? null;
    const feed = buffer && new StreamFeed(machineArch(), buffer);
    const consumers = feed ? [feed, ...await starting] : await starting;
    if (buffer) bindings!.setEventStreamSource(buffer);
    if (command) {
      await command.ready();
      capture.addProcess(command.pid, command.execs);
    }
    if (command && await plan.isInterrupted?.()) {
      throw new IorError("runtime", "Stopped before tracing began");
    }
    capture.attach();
    const facts: SessionFacts = {
      startedWallNs: capture.start.wallNs,
      libbpfVersion: capture.libbpfVersion,
    };
    const session = new LiveSession(
      { facts, capture, consumers, feed, command, watches, resources: resources.move() },
      plan,
    );
    session.#releasedNs = capture.elapsedNs();
    command?.release();
    return session;
  }

  /** Calls delivered and lost so far. */
  progress(): { calls: number; loss: Loss } {
    return { calls: this.#calls, loss: this.#loss ?? this.#capture.loss() };
  }

  /** Nanoseconds since the trace began, or its whole length once it has ended. */
  get wallNs(): number {
    return this.#wallNs ?? this.#capture.elapsedNs();
  }

  /** ior's own cost so far. */
  cost(): Cost {
    if (this.#cost) return this.#cost;
    const { cpuNs, maxRssBytes } = this.#capture.usage();
    return { cpuNs, maxRssBytes, bpfNsPerRun: this.#sampler.nsPerRun };
  }

  /** The figures so far; final once {@linkcode LiveSession.ended} has settled. */
  summary(): TraceSummary {
    return {
      wallNs: this.wallNs,
      ...this.progress(),
      cost: this.cost(),
      commandWallNs: this.#commandWallNs,
      commandStatus: this.#commandStatus,
      running: this.#running,
      uringRequests: this.#uringRequests,
    };
  }

  /** The command's status once it ends; `null` without a command. */
  commandEnded(): Promise<CommandStatus> | null {
    return this.#command?.ended ?? null;
  }

  /** Ends the trace and waits for its end; rejects with what went wrong. Safe to call more than once. */
  async stop(): Promise<void> {
    this.#requestStop();
    await this.ended;
  }

  /** Gives everything back: the consumers end, nothing is left in the kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#requestStop();
    await this.ended.catch(() => {});
    await this.#resources.disposeAsync();
  }

  #requestStop(): void {
    this.#stopping.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      while (!signal.aborted) {
        const pending = this.#capture.pendingBytes;
        await this.#drain();
        this.#feed?.noteLoss(this.#capture.loss(), this.wallNs);
        this.#sampler.tick(performance.now());
        if (this.#watches.length > 0 && this.#watches.every((watch) => watch.hasEnded())) break;
        const pause = pending < IDLE_BYTES ? IDLE_POLL_MS : BUSY_POLL_MS;
        await this.#pause(pause);
      }
      this.#sampler.stop();
    } finally {
      this.#wallNs = this.#capture.elapsedNs();
      this.#capture.disable();
    }
    await this.#drainRest();
    this.#running = this.#capture.running();
    this.#uringRequests = this.#capture.uringRequests();
    this.#loss = this.#capture.loss();
    this.#cost = this.cost();
  }

  /**
   * Gives what is in the ring now to the consumers. While one of them lags, nothing is read: loss shows once, in the
   * kernel.
   */
  async #drain(): Promise<void> {
    let turnEnds = performance.now() + DRAIN_MS;
    let full = true;
    while (full || this.#waiting.length > 0) {
      if (this.#waiting.length === 0) full = this.#decode();
      const batch = this.#waiting.shift();
      if (!batch) continue;
      for (const consumer of this.#consumers) if (!consumer.canIngest) await consumer.room();
      const buffer = columnsBuffer(batch.columns);
      for (const consumer of this.#consumers) consumer.ingest(batch);
      // A consumer in a worker has taken the buffer with it and gives it back emptied.
      if (!buffer.detached) this.#capture.recycle(batch.columns);
      if (performance.now() >= turnEnds) {
        await delay(0);
        turnEnds = performance.now() + DRAIN_MS;
      }
    }
  }

  /** Decodes the next batch into the queue; true when it was full. */
  #decode(): boolean {
    const { batch, full } = this.#capture.drain();
    if (batch) {
      this.#calls += batch.length;
      this.#waiting.push(batch);
    }
    return full;
  }

  /** Takes what is left once the programs are detached: one may still be writing its record. */
  async #drainRest(): Promise<void> {
    const deadline = performance.now() + LAST_RECORD_MS;
    do {
      await this.#drain();
      if (this.#capture.pendingBytes > 0) await delay(1);
    } while (this.#capture.pendingBytes > 0 && performance.now() < deadline);
  }

  /** Waits for the next look at the ring, or the end of the trace. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#stopping.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#stopping.signal.addEventListener("abort", done);
    });
  }
}

interface SessionParts {
  facts: SessionFacts;
  capture: Capture;
  consumers: readonly BatchConsumer[];
  feed: StreamFeed | null;
  command: HeldCommand | null;
  watches: readonly ProcessWatch[];
  resources: AsyncDisposableStack;
}

function isAsyncDisposable(value: object): value is AsyncDisposable {
  return Symbol.asyncDispose in value;
}

/** The engine's {@linkcode TraceStarter} for a plan. */
export function traceStarter(plan: TracePlan): TraceStarter {
  return (context) => LiveSession.start(context, plan);
}
