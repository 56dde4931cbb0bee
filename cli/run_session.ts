import { type CommandStatus, emptyTraceContext, LiveSession, type TracePlan } from "../engine/mod.ts";
import type { ReportHeader } from "../runtime/report.ts";
import { VERSION } from "../runtime/version.ts";
import type { RunOptions } from "./options/mod.ts";
import { FailedWhileRunning } from "./exit_status.ts";
import { Interruption } from "./interruption.ts";
import { openOutput, type Output } from "./output.ts";
import { Progress } from "./progress.ts";
import { createRowClock } from "./rows/mod.ts";
import { isTerminal, type Look, lookOf } from "./terminal.ts";
import { traceUser } from "./trace_user.ts";

/** What a run leaves behind for the exit status. */
export interface RunResult {
  commandStatus: CommandStatus | null;
  lossFree: boolean;
  /** True when rows are missing from a recording that was asked for; it has been said. */
  recordingFailed?: boolean;
}

/** A session as a command works with it. */
export interface Run {
  session: LiveSession;
  output: Output;
  look: Look;
  /** Facts of the run for the report and the rows' header. */
  header(): ReportHeader;
}

/** What a command does in a session. */
export interface RunPlan {
  /** Makes what takes the batches. */
  consumers: TracePlan["consumers"];
  /** Called once tracing runs. */
  began(run: Run): void;
  /** Called when the trace has ended, to write what remains. */
  finish(run: Run): Promise<void> | void;
  /** Called when the output is complete: what fails here costs it nothing. */
  after?(run: Run): Promise<void>;
  /** True when what is written while the trace runs may come to the terminal: there is no progress line in it then. */
  writesMeanwhile?: boolean;
  /** False when nothing goes to the output that the options name: the command writes files of its own. */
  printsOutput?: boolean;
}

/** Runs a session from start to end: output, signals, progress, and everything given back on every way out. */
export async function runSession(options: RunOptions, plan: RunPlan): Promise<RunResult> {
  const environment = Deno.env.toObject();
  const user = traceUser();
  const outputName = plan.printsOutput === false ? null : options.output;
  await using outputs = new AsyncDisposableStack();
  let output!: Output;
  const interruption = new Interruption();
  using signals = new DisposableStack();
  await using session = await LiveSession.start(emptyTraceContext().withFilter(options.selection), {
    ringBytes: options.ringBytes,
    durationNs: options.durationNs,
    command: options.command &&
      {
        argv: options.command,
        stdoutToStderr: plan.printsOutput !== false && outputName === null,
        user,
        environment,
      },
    consumers: plan.consumers,
    onCommandHeld: () => {
      signals.use(interruption.listen());
      output = outputs.use(openOutput(outputName, user));
    },
    isInterrupted: () => interruption.hasCome(),
  });
  try {
    return await runStarted(options, plan, session, output, interruption);
  } catch (failure) {
    throw new FailedWhileRunning(failure);
  }
}

/** The part of a run in which the command runs, or has ended. */
async function runStarted(
  options: RunOptions,
  plan: RunPlan,
  session: LiveSession,
  output: Output,
  interruption: Interruption,
): Promise<RunResult> {
  interruption.session = session;
  if (interruption.isHere) void session.stop().catch(() => {});
  const run: Run = {
    session,
    output,
    look: lookOf(options),
    header: () => headerOf(options, session),
  };
  using progress = new DisposableStack();
  // A command has the terminal to itself, and so have rows.
  const isSilent = options.quiet || options.command !== null || plan.writesMeanwhile === true;
  if (!isSilent && isTerminal("stderr")) {
    progress.use(new Progress(() => ({ wallNs: session.wallNs, ...session.progress() })));
  }
  plan.began(run);
  await session.ended;
  progress.dispose(); // what is written now begins on an empty line
  await plan.finish(run);
  await output.finish();
  await plan.after?.(run);
  const { commandStatus, loss } = session.summary();
  return { commandStatus, lossFree: loss.state === "none" };
}

function headerOf(options: RunOptions, session: LiveSession): ReportHeader {
  const { wallNs, commandWallNs, loss, cost, commandStatus, uringRequests } = session.summary();
  return {
    ior: VERSION,
    host: Deno.hostname(),
    kernel: Deno.osRelease(),
    arch: Deno.build.arch,
    libbpf: session.facts.libbpfVersion,
    deno: Deno.version.deno,
    command: options.command,
    command_status: commandStatus,
    started: createRowClock(session.facts.startedWallNs).timestamp(0),
    wall_ns: wallNs,
    command_wall_ns: commandWallNs,
    selection: options.selectionDescription,
    loss: { state: loss.state, calls: loss.calls, by: loss.by },
    cost: {
      cpu_ns: cost.cpuNs,
      bpf_ns_per_call: null,
      bpf_ns_per_run: cost.bpfNsPerRun,
      max_rss_bytes: cost.maxRssBytes,
    },
    io_uring_requests: uringRequests,
  };
}
