import {
  type AttachedTrace,
  type BatchConsumer,
  type CommandStatus,
  type EndedTrace,
  type GroupPlan,
  HeldCommand,
  ownStarting,
  planGroups,
  prepare,
  type PreparedTrace,
  type RunningTrace,
  type TraceFacts,
  type TraceFigures,
} from "../../engine/mod.ts";
import { IorError } from "../../runtime/errors.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { RunOptions } from "../options/mod.ts";
import { say } from "../say.ts";
import { FailedWhileRunning, type RunResult } from "../exit_status.ts";
import { Interruption } from "./interruption.ts";
import { openOutput, type Output } from "./output.ts";
import { Progress, progressText } from "./progress.ts";
import { runHeader } from "./run_header.ts";
import { isTerminal, type Look, lookOf } from "./terminal.ts";
import { traceUser } from "./trace_user.ts";

/** How a command of ior uses the terminal and the output. */
export interface RunUse {
  /** False when the command writes files of its own and nothing to the output of the options. */
  printsOutput?: boolean;
  /** True when output during the trace may go to the terminal: there is then no progress line. */
  writesMeanwhile?: boolean;
  /** What SIGHUP does instead of ending the run. */
  onHangup?: () => void;
}

/**
 * A run of a command that traces. The constructor holds the command, listens to signals and opens the output; the phases
 * of the trace follow. It owns all resources of the run, and releases them in reverse order.
 */
export class TraceRun implements AsyncDisposable {
  readonly output: Output;
  readonly look: Look;
  readonly #options: RunOptions;
  readonly #showsProgress: boolean;
  readonly #groups: GroupPlan;
  readonly #command: HeldCommand | null;
  readonly #interruption: Interruption;
  readonly #resources = new AsyncDisposableStack();

  /** Throws an `IorError` when the command cannot be run or the output cannot be created. */
  constructor(options: RunOptions, { printsOutput = true, writesMeanwhile = false, onHangup }: RunUse = {}) {
    const user = traceUser();
    const outputName = printsOutput ? options.output : null;
    using held = new DisposableStack();
    this.#options = options;
    this.#interruption = new Interruption(onHangup);
    const { cgroups, showsGroups, selection } = options;
    this.#groups = planGroups({ groups: cgroups, showsGroups }, selection.where);
    // No progress beside the output of a command or rows.
    const isSilent = options.quiet || options.command !== null || writesMeanwhile;
    this.#showsProgress = !isSilent && isTerminal("stderr");
    this.look = lookOf(options);
    this.#command = options.command && held.use(HeldCommand.start({
      argv: options.command,
      stdoutToStderr: printsOutput && outputName === null,
      user,
      environment: null,
    }));
    held.use(this.#interruption.listen()); // the command already has its process, and does not inherit this
    this.output = openOutput(outputName, user);
    this.onAbandon(() => this.output.abandon());
    this.#resources.use(held.move());
    this.#resources.use(this.output);
  }

  /** Calls `abandon` before a second signal ends ior, to take away what is not complete. */
  onAbandon(abandon: () => void): void {
    this.#interruption.onAbandon(abandon);
  }

  /** Owns what starts while the kernel loads the programs. */
  own<Value extends AsyncDisposable>(starting: Promise<Value>): Promise<Value> {
    return ownStarting(this.#resources, starting);
  }

  /** Loads the programs into the kernel. */
  async prepare(): Promise<PreparedTrace> {
    const { selection, ringBytes, sampling, autoSamples, needsRows, extras } = this.#options;
    const addsUp = needsRows === null;
    const plan = { selection, groups: this.#groups, ringBytes, sampling, addsUp, autoSamples, extras };
    return this.#resources.use(await prepare({ ...plan, command: this.#command }));
  }

  /** Begins to trace, unless a signal has arrived: the command is then never run. */
  async attach(prepared: PreparedTrace): Promise<AttachedTrace> {
    if (this.#command && await this.#interruption.hasCome()) {
      throw new IorError("runtime", "Stopped before tracing began");
    }
    const attached = prepared.attach();
    const { lacksSymbols, lacksMajorFaults } = attached.facts;
    if (lacksSymbols !== null && !this.#options.quiet) {
      const { message, hint } = lacksSymbols;
      say(`${message}. Stacks have addresses in files instead of functions. ${hint}`);
    }
    if (lacksMajorFaults !== null && !this.#options.quiet) {
      say(`${lacksMajorFaults.message}. Major page faults are not counted.`);
    }
    return attached;
  }

  /** Lets the command go, and feeds the consumers until the trace ends; a signal ends it. */
  start(attached: AttachedTrace, consumers: readonly BatchConsumer[]): RunningTrace {
    const { durationNs, waitsForChildren } = this.#options;
    const running = attached.run(consumers, durationNs, waitsForChildren);
    this.#interruption.session = running;
    if (this.#interruption.isHere) void running.stop().catch(() => {});
    return running;
  }

  /** True when a signal has asked for the end. */
  get isInterrupted(): boolean {
    return this.#interruption.isHere;
  }

  /**
   * Waits for the end of the trace, with a line of progress where nobody else writes, and until a second signal would end
   * ior at once. `whenEnded` begins what others can do during that wait.
   */
  async untilEnded(running: RunningTrace, whenEnded = () => {}): Promise<EndedTrace> {
    // Removed before anything else is written, which then begins on an empty line.
    using _progress = this.#showsProgress ? new Progress(() => progressText(running.figures())) : null;
    try {
      const ended = await running.ended;
      whenEnded();
      return ended;
    } finally {
      await this.#interruption.leaveSecondToKernel();
    }
  }

  /** Facts of the run for the report and the rows' header. */
  header(facts: TraceFacts, figures: TraceFigures | EndedTrace): ReportHeader {
    return runHeader(this.#options, facts, figures);
  }

  /** Marks a failure of `outcome` as one while the command runs, so that its status is not one from before. */
  async whileRunning<Value>(outcome: Promise<Value>): Promise<Value> {
    try {
      return await outcome;
    } catch (failure) {
      throw new FailedWhileRunning(failure, this.#commandEnd());
    }
  }

  /** Result of a trace that has ended, for the exit status. Everything has been written: the command may take its time. */
  async result({ commandStatus, loss }: EndedTrace): Promise<RunResult> {
    return { commandStatus: commandStatus ?? await this.#commandEnd(), lossFree: loss.state === "none" };
  }

  /** Waits for the command to end, unless the user does not want to. */
  async #commandEnd(): Promise<CommandStatus | null> {
    return this.#options.waitsForCommand ? await this.#command?.ended.catch(() => null) ?? null : null;
  }

  /** Releases everything: ends what runs, and leaves nothing in the kernel. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
