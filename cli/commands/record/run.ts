import type { AttachedTrace } from "../../../engine/mod.ts";
import { RecordingOfTrace, recordingTarget } from "../../run/recording_of_trace.ts";
import { sayLoss } from "../../run/progress.ts";
import type { RunResult } from "../../exit_status.ts";
import { TraceRun } from "../../run/run_session.ts";
import type { RecordCommand } from "./task.ts";

/** `ior record`: one row per finished call, in Parquet. */
export async function runRecord(options: RecordCommand): Promise<RunResult> {
  const target = recordingTarget(options.record);
  await using run = new TraceRun(options, { printsOutput: false });
  run.onAbandon(() => RecordingOfTrace.abandon(target));
  const opening = run.own(RecordingOfTrace.open(target));
  const prepared = await run.prepare();
  const recording = await opening;
  const attached = await run.attach(prepared);
  return await run.whileRunning(record(run, attached, recording, options.quiet));
}

async function record(
  run: TraceRun,
  attached: AttachedTrace,
  recording: RecordingOfTrace,
  quiet: boolean,
): Promise<RunResult> {
  const { facts } = attached;
  recording.begin({ startedWallNs: facts.startedWallNs, header: run.header(facts, attached.figures()) });
  const running = run.start(attached, [recording.consumer]);
  recording.keepUpdated(() => run.header(facts, running.figures()));
  const ended = await run.untilEnded(running);
  const header = run.header(facts, ended);
  const complete = await recording.finish({ header, running: ended.running }, quiet);
  if (!quiet) sayLoss(header, true);
  return { ...await run.result(ended), recordingFailed: !complete };
}
