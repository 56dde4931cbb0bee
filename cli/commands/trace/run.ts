import { setTimeout as delay } from "node:timers/promises";
import { machineArch, StatsClient } from "../../../engine/mod.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { type AssertionResult, failedAssertionLines } from "../../assert/mod.ts";
import { type Run, type RunResult, runSession } from "../../run_session.ts";
import type { TraceCommand } from "./command.ts";
import { TraceReports } from "./trace_reports.ts";

/** What a trace leaves behind for the exit status. */
export interface TraceResult extends RunResult {
  /** Assertions that did not hold; they have been printed. */
  failedAssertions: readonly AssertionResult[];
}

/** `ior trace`: trace, then print one report, or one every `--interval`; beside it a recording and a flamegraph. */
export async function runTrace(options: TraceCommand): Promise<TraceResult> {
  await using resources = new AsyncDisposableStack();
  let stats: StatsClient;
  let reports: TraceReports;
  let intervals: Promise<boolean> | null = null;
  let ascii = false;
  const { recording, flame } = await writtenBeside(options);
  resources.use(recording);
  resources.use(flame);
  const result = await runSession(options, {
    writesMeanwhile: options.intervalNs !== null && options.output === null,
    consumers: async (recycle) => {
      const config = { arch: machineArch(), ...STATS_LIMITS, by: options.by };
      const starting = StatsClient.start(config, { onEmptied: recycle });
      resources.defer(() => starting.then((client) => client.close(), () => {}));
      const beside = await settled([recording?.start(), flame?.start()]);
      stats = await starting;
      return [...beside.filter((consumer) => consumer !== undefined), stats];
    },
    began: (run) => {
      ascii = run.look.ascii;
      reports = new TraceReports(options, run, stats);
      recording?.begin(run);
      resources.use(reportOnSignal(reports));
      if (options.intervalNs !== null) {
        intervals = writeIntervals(run, reports, options.intervalNs, options.count);
        intervals.catch(() => {}); // awaited at the end, unless the session fails first
      }
    },
    finish: async (run) => {
      try {
        await recording?.finish(run, options.quiet);
      } finally {
        if (intervals === null) await reports.writeWhole();
        else if (await intervals) await reports.writeInterval();
      }
    },
    after: async (run) => await flame?.write(run),
  });
  const failedAssertions = reports!.failed;
  for (const line of failedAssertionLines(failedAssertions, ascii)) console.error(`ior: ${line}`);
  return { ...result, failedAssertions, recordingFailed: recording?.hasFailed ?? false };
}

/** What the trace writes beside its report. Their modules take time to load, so only a trace that wants them does. */
async function writtenBeside({ record, flame }: TraceCommand) {
  return {
    recording: record && new (await import("../../recording_of_trace.ts")).RecordingOfTrace(record),
    flame: flame && new (await import("../../flame_of_trace.ts")).FlameOfTrace(flame),
  };
}

/** What all of them give. A failure shows when each has come to its end: only then can be given back what it has made. */
async function settled<Value>(all: readonly (Promise<Value> | undefined)[]): Promise<(Value | undefined)[]> {
  await Promise.allSettled(all);
  return await Promise.all(all);
}

/** Writes a report every interval. Ends with the session, or ends it after `count`; false when no more are wanted. */
async function writeIntervals(
  { session }: Run,
  reports: TraceReports,
  intervalNs: number,
  count: number | null,
): Promise<boolean> {
  const ended = new AbortController();
  session.ended.catch(() => {}).finally(() => ended.abort());
  for (let written = 0; count === null || written < count; written++) {
    // Counted from the start, so that a late report does not make all after it late.
    const dueNs = (Math.floor(session.wallNs / intervalNs) + 1) * intervalNs;
    await delay((dueNs - session.wallNs) / 1e6, null, { signal: ended.signal }).catch(() => {});
    if (ended.signal.aborted) return true;
    await reports.writeInterval();
  }
  void session.stop().catch(() => {});
  return false;
}

/** SIGUSR2 prints what was counted so far to standard error, where it is in nobody's way. */
function reportOnSignal(reports: TraceReports): Disposable {
  const print = async () => {
    try {
      await Deno.stderr.write(new TextEncoder().encode(await reports.interimReport()));
    } catch {
      // The trace has ended, and its report comes instead.
    }
  };
  const listener = () => void print();
  Deno.addSignalListener("SIGUSR2", listener);
  return { [Symbol.dispose]: () => Deno.removeSignalListener("SIGUSR2", listener) };
}
