import { type AttachedTrace, machineArch, type PreparedTrace, StatsClient } from "../../../engine/mod.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { type AssertionResult, failedAssertionLines } from "../../assert/mod.ts";
import { formatCount } from "../../text/format.ts";
import type { FlameOfTrace } from "../../run/flame_of_trace.ts";
import type { FlameBeside } from "../../options/mod.ts";
import { RecordingOfTrace, recordingTarget } from "../../run/recording_of_trace.ts";
import { onReportSignals } from "../../run/report_signals.ts";
import type { RunResult } from "../../exit_status.ts";
import { TraceRun } from "../../run/run_session.ts";
import type { TraceCommand } from "./task.ts";
import { TraceReports } from "./trace_reports.ts";
import { writeIntervals } from "./write_intervals.ts";
import { say, showRendered } from "../../say.ts";

/** Result of a trace, for the exit status. */
export interface TraceResult extends RunResult {
  /** Assertions that did not hold; they have been printed. */
  failedAssertions: readonly AssertionResult[];
}

/** Consumers of a trace; `null` for those that are not requested. */
interface Takers {
  stats: StatsClient;
  recording: RecordingOfTrace | null;
  flame: FlameOfTrace | null;
}

/** `ior trace`: trace, then print one report, or one every `--interval`; beside it a recording and a flamegraph. */
export async function runTrace(options: TraceCommand): Promise<TraceResult> {
  const target = options.record && recordingTarget(options.record);
  const openFlame = options.flame && await flameOpener(options.flame);
  await using run = new TraceRun(options, {
    writesMeanwhile: options.intervalNs !== null && options.output === null,
  });
  // First, as the kernel verifies programs while this thread goes on; where libbpf loads them, it does so behind the next lines.
  const preparing = run.prepare();
  const starting = run.own(StatsClient.start({ arch: machineArch(), ...STATS_LIMITS, by: options.by }));
  if (target) run.onAbandon(() => RecordingOfTrace.abandon(target));
  const openingRecording = target && run.own(RecordingOfTrace.open(target));
  const openingFlame = openFlame && run.own(openFlame(run));
  const prepared = await preparing;
  const takers = { recording: await openingRecording, flame: await openingFlame, stats: await starting };
  const attached = await run.attach(prepared);
  return await run.whileRunning(report(options, run, { prepared, attached }, takers));
}

/** The part of a trace in which the command runs, or has ended. */
async function report(
  options: TraceCommand,
  run: TraceRun,
  { prepared, attached }: { prepared: PreparedTrace; attached: AttachedTrace },
  { stats, recording, flame }: Takers,
): Promise<TraceResult> {
  const { facts } = attached;
  recording?.begin({ startedWallNs: facts.startedWallNs, header: run.header(facts, attached.figures()) });
  const beside = [recording, flame].flatMap((taker) => taker ? [taker.consumer] : []);
  const running = run.start(attached, [...beside, stats]);
  const headerNow = () => run.header(facts, running.figures());
  recording?.keepUpdated(headerNow);
  const reports = new TraceReports(options, run, stats);
  using _signal = reportOnSignal(reports, headerNow);
  const { intervalNs } = options;
  const intervals = intervalNs === null
    ? null
    : writeIntervals(running, { reports, stats, header: headerNow }, { ...options, intervalNs });
  intervals?.catch(() => {}); // awaited at the end, unless the trace fails first
  const ended = await run.untilEnded(running, () => {
    if (intervals === null) reports.askWhole();
  }).catch(async (failure) => {
    // Without a report, what is known by then is still kept.
    const figures = running.figures();
    await recording?.finish({ header: run.header(facts, figures), running: [] }, options.quiet);
    say(`${formatCount(figures.calls)} calls had been traced when the trace failed`);
    throw failure;
  });
  const header = run.header(facts, ended);
  // The ring's memory is as much as the report takes: without it the report needs no more than the trace did.
  await prepared[Symbol.asyncDispose]();
  let complete = true;
  try {
    complete = await recording?.finish({ header, running: ended.running }, options.quiet) ?? true;
  } finally {
    if (intervals === null) await reports.writeWhole(header, ended);
    else if (await intervals) await reports.writeInterval(header, ended, await stats.snapshotAndReset());
  }
  await run.output.finish();
  await flame?.write(header, run.look); // the report is complete: a failure here does not affect it
  for (const line of failedAssertionLines(reports.failed, run.look.ascii)) say(line);
  return { ...await run.result(ended), failedAssertions: reports.failed, recordingFailed: !complete };
}

/** Makes the flamegraph. Its modules take time to load, so only a trace that wants them does, before all else. */
async function flameOpener(flame: FlameBeside): Promise<(run: TraceRun) => Promise<FlameOfTrace>> {
  const { FlameOfTrace } = await import("../../run/flame_of_trace.ts");
  return (run) => FlameOfTrace.open(flame, run);
}

/** SIGUSR2 and SIGUSR1 print what was counted so far to standard error, where they disturb no output. */
function reportOnSignal(reports: TraceReports, header: () => ReportHeader): Disposable {
  const print = async () => {
    try {
      showRendered(await reports.interimReport(header()));
    } catch {
      // The trace has ended, and its final report follows.
    }
  };
  return onReportSignals(() => void print());
}
