import { RecordingOfTrace } from "../../recording_of_trace.ts";
import { type RunResult, runSession } from "../../run_session.ts";
import type { RecordCommand } from "./command.ts";

/** `ior record`: one row per finished call, in Parquet. */
export async function runRecord(options: RecordCommand): Promise<RunResult> {
  await using recording = new RecordingOfTrace(options.record);
  const result = await runSession(options, {
    printsOutput: false,
    consumers: async (recycle) => [await recording.start(recycle)],
    began: (run) => recording.begin(run),
    finish: (run) => recording.finish(run, options.quiet),
  });
  return { ...result, recordingFailed: recording.hasFailed };
}
