import type { CaptureStart } from "../../bpf/mod.ts";
import type { IorError } from "../../runtime/errors.ts";
import type { BatchConsumer } from "../batch_consumer.ts";
import { FanOut } from "../fan_out.ts";
import { RunningTrace, type TraceFigures } from "./running_trace.ts";
import type { TraceParts } from "./trace_parts.ts";

/** What is known of a trace before its first row. */
export interface TraceFacts {
  /** When the trace began, by two clocks. */
  start: CaptureStart;
  /** The same, nanoseconds since 1970. */
  startedWallNs: bigint;
  /** Version of the system's libbpf. */
  libbpfVersion: string;
  /** Why stacks have no names of functions; `null` when they have, or are not asked for. */
  lacksSymbols: IorError | null;
  /** Why major faults are not counted; `null` when they are, or page faults are not followed. */
  lacksMajorFaults: IorError | null;
}

/**
 * The programs are in the kernel, and the command is at its gate. It owns the trace through all its phases: disposing it
 * ends the trace, waits for its end, and leaves nothing in the kernel.
 */
export class PreparedTrace implements AsyncDisposable {
  readonly #parts: TraceParts;
  readonly #resources: AsyncDisposableStack;

  /** As {@linkcode prepare} makes it. */
  constructor(parts: TraceParts, resources: AsyncDisposableStack) {
    this.#parts = parts;
    this.#resources = resources;
  }

  /** Begins to trace. To be called once. */
  attach(): AttachedTrace {
    this.#parts.capture.attach();
    return new AttachedTrace(this.#parts, this.#resources);
  }

  /** Releases everything. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** Calls are recorded from now on; the command still waits, and nothing is read yet. */
export class AttachedTrace {
  /** What is known by now. */
  readonly facts: TraceFacts;
  readonly #parts: TraceParts;
  readonly #resources: AsyncDisposableStack;

  /** As {@linkcode PreparedTrace.attach} makes it. */
  constructor(parts: TraceParts, resources: AsyncDisposableStack) {
    this.#parts = parts;
    this.#resources = resources;
    const { start, libbpfVersion, lacksSymbols, lacksMajorFaults } = parts.capture;
    this.facts = { start, startedWallNs: start.wallNs, libbpfVersion, lacksSymbols, lacksMajorFaults };
  }

  /** The figures so far: there are no calls yet. */
  figures(): TraceFigures {
    const { capture, autoSampler } = this.#parts;
    const cost = { ...capture.usage(), bpfNsPerRun: null };
    return {
      wallNs: capture.elapsedNs(),
      calls: 0,
      summed: {},
      raised: autoSampler && {},
      missedSlow: capture.missedSlow(),
      loss: capture.loss(),
      cost,
      mappedIo: capture.mappedIo(),
      commandStatus: null,
      commandWallNs: null,
      uringRequests: [],
    };
  }

  /**
   * Lets the command go, and feeds the consumers, which the caller keeps. The trace ends by itself after `durationNs`,
   * nanoseconds, unless that is `null`, and with the command. With `waitsForChildren` it ends with the last of the followed
   * processes that the command leaves behind. To be called once.
   */
  run(
    consumers: readonly BatchConsumer[],
    durationNs: number | null,
    waitsForChildren = false,
  ): RunningTrace {
    const { capture, command } = this.#parts;
    const fanOut = new FanOut(consumers, (columns) => capture.recycle(columns));
    const running = new RunningTrace(this.#parts, fanOut, { durationNs, waitsForChildren });
    this.#resources.defer(() => running.stop().then(() => {}, () => {}));
    command?.release();
    return running;
  }
}
