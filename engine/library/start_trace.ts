import { machineArch } from "../../bpf/mod.ts";
import { familyFilter } from "../../runtime/filter/family_filter.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import { IorError } from "../../runtime/errors.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { GroupKey, StatsSnapshot } from "../../runtime/stats.ts";
import type { BatchConsumer } from "../batch_consumer.ts";
import { HeldCommand } from "../command.ts";
import { ownStarting } from "../session/own_starting.ts";
import { prepare } from "../session/prepare.ts";
import type { EndedTrace, RunningTrace, TraceFigures } from "../session/running_trace.ts";
import { StatsClient } from "../workers/stats_client.ts";
import { RowQueue } from "./row_queue.ts";

/** Default size of the ring, bytes: room for a quarter of a million calls while the reader is busy. */
const RING_BYTES = 16 * 1024 * 1024;

/** What {@linkcode startTrace} traces, and what it is asked for. All members are optional. */
export interface TraceOptions {
  /** The calls; default those on files (family FS) of all processes, or of the command and its children. */
  filter?: Filter;
  /** A program to start and trace, with its arguments. The trace ends when it ends. */
  command?: readonly string[];
  /** Ends the trace after this long, nanoseconds; default with the command, or when it is stopped. */
  durationNs?: number;
  /**
   * Whether {@linkcode Trace.rows} gives rows; default false. The trace waits for whoever reads them, and may not end before
   * they are read.
   */
  rows?: boolean;
  /** Whether {@linkcode Trace.snapshot} gives statistics; default false. They are counted in a worker. */
  statistics?: boolean;
  /** Tables of the statistics besides the usual ones, each of one to `MAX_GROUP_KEYS` keys. */
  by?: readonly (readonly GroupKey[])[];
  /** What gets the batches besides: columns instead of objects, for whoever needs every nanosecond. */
  consumers?: readonly BatchConsumer[];
  /** Size of the ring between kernel and process, a power of two of at least a page; default 16 MiB. */
  ringBytes?: number;
}

/** A trace that runs, until it is stopped, its time is over, or its command has ended. Disposing of it ends it. */
export class Trace implements AsyncDisposable {
  /** Resolves with the figures when it has ended; rejects with what went wrong. */
  readonly ended: Promise<EndedTrace>;
  readonly #running: RunningTrace;
  readonly #queue: RowQueue | null;
  readonly #stats: StatsClient | null;
  readonly #resources: AsyncDisposableStack;

  /** As {@linkcode startTrace} makes it. */
  constructor(
    running: RunningTrace,
    queue: RowQueue | null,
    stats: StatsClient | null,
    resources: AsyncDisposableStack,
  ) {
    this.#running = running;
    this.#queue = queue;
    this.#stats = stats;
    this.#resources = resources;
    this.ended = running.ended;
    this.ended.then(() => queue?.end(), (failure) => queue?.end(failure));
  }

  /** Process number of the command, `null` without one. */
  get commandPid(): number | null {
    return this.#running.commandPid;
  }

  /**
   * The rows, in the order in which the calls returned, as they come; they end with the trace. To be iterated once: whoever
   * leaves the loop gets no more, and the trace goes on.
   *
   * @throws {IorError} When the trace was not asked for rows.
   */
  rows(): AsyncIterableIterator<StreamRow> {
    if (this.#queue === null) throw notAskedFor("rows");
    return this.#queue.rows();
  }

  /**
   * The statistics of all calls so far; after the end, of all calls.
   *
   * @throws {IorError} When the trace was not asked for statistics.
   */
  snapshot(): Promise<StatsSnapshot> {
    if (this.#stats === null) throw notAskedFor("statistics");
    return this.#stats.snapshot();
  }

  /** Length, calls, loss and cost so far. */
  figures(): TraceFigures {
    return this.#running.figures();
  }

  /** Ends the trace; resolves when every call has reached rows, statistics and consumers. Safe to call more than once. */
  stop(): Promise<EndedTrace> {
    return this.#running.stop();
  }

  /** Ends the trace and leaves nothing in the kernel. Rows that wait are dropped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue?.leave();
    await this.#resources.disposeAsync();
  }
}

/**
 * Starts a trace. It takes the capabilities `CAP_BPF` and `CAP_PERFMON`, or root.
 *
 * @throws {IorError} When an option is no such thing, a privilege, libbpf or a feature of the kernel is missing, or the command
 * cannot be run.
 */
export async function startTrace(options: TraceOptions = {}): Promise<Trace> {
  const { filter = familyFilter("FS"), command, durationNs, consumers = [] } = options;
  requireOptions(options);
  const arch = machineArch();
  await using resources = new AsyncDisposableStack();
  const held = command === undefined ? null : resources.use(
    HeldCommand.start({ argv: command, stdoutToStderr: false, user: null, environment: null }),
  );
  const starting = options.statistics
    ? ownStarting(resources, StatsClient.start({ arch, ...STATS_LIMITS, by: options.by }))
    : null;
  const ringBytes = options.ringBytes ?? RING_BYTES;
  const plan = { selection: filter, ringBytes, command: held, keepsTurn: true };
  const prepared = resources.use(await prepare(plan));
  const stats = starting && await starting;
  const queue = options.rows ? new RowQueue(arch) : null;
  const takers = [...consumers, ...(queue ? [queue] : []), ...(stats ? [stats] : [])];
  const running = prepared.attach().run(takers, durationNs ?? null);
  return new Trace(running, queue, stats, resources.move());
}

function requireOptions({ command, durationNs }: TraceOptions): void {
  if (command?.length === 0) {
    throw new IorError("usage", "Cannot trace the command: it is empty", {
      hint: 'Give a program and its arguments, for instance ["ls", "-l"], or leave it out',
    });
  }
  if (durationNs !== undefined && !(durationNs > 0)) {
    throw new IorError("usage", `Cannot trace for ${durationNs} ns: a duration is more than 0`, {
      hint: "Give nanoseconds, for instance 10e9, or leave it out",
    });
  }
}

function notAskedFor(what: "rows" | "statistics"): IorError {
  return new IorError("usage", `Cannot give ${what}: the trace was not asked for them`, {
    hint: `Start it with { ${what}: true }`,
  });
}
