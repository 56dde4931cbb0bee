import type { AttachedTrace, RunningTrace } from "../../../engine/mod.ts";
import type { RunResult } from "../../exit_status.ts";
import type { RecordTrigger } from "../../options/trigger.ts";
import { FlightOfTrace } from "../../run/flight_of_trace.ts";
import { sayLoss } from "../../run/progress.ts";
import { RecordingOfTrace, recordingTarget } from "../../run/recording_of_trace.ts";
import { TraceRun } from "../../run/run_session.ts";
import type { RecordCommand } from "./task.ts";

/** `ior record --trigger`: the rows around calls that match, in Parquet. */
export async function runFlight(options: RecordCommand, trigger: RecordTrigger): Promise<RunResult> {
  const target = recordingTarget(options.record);
  await using run = new TraceRun(options, { printsOutput: false });
  run.onAbandon(() => RecordingOfTrace.abandon(target));
  const opening = run.own(
    FlightOfTrace.open(target, trigger, { quiet: options.quiet, ascii: run.look.ascii }),
  );
  const prepared = await run.prepare();
  const flight = await opening;
  const attached = await run.attach(prepared);
  return await run.whileRunning(fly(run, attached, flight, options.quiet));
}

async function fly(
  run: TraceRun,
  attached: AttachedTrace,
  flight: FlightOfTrace,
  quiet: boolean,
): Promise<RunResult> {
  const { facts } = attached;
  let running: RunningTrace | null = null;
  // The first calls may come before the start has returned.
  flight.begun({ facts, header: () => run.header(facts, (running ?? attached).figures()) });
  running = run.start(attached, [flight.consumer]);
  const ended = await run.untilEnded(running);
  const complete = await flight.finish(ended);
  if (!quiet) sayLoss(run.header(facts, ended), true);
  return { ...await run.result(ended), recordingFailed: !complete };
}
