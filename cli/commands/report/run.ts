import { batchFilter, replay, StatsClient } from "../../../engine/mod.ts";
import type { Recording } from "../../../engine/recording/mod.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { IorError } from "../../../runtime/errors.ts";
import { countsAll, type Report } from "../../../runtime/report.ts";
import { abandonOnSignal } from "../../run/abandon_on_signal.ts";
import type { ReportOptions, RunOptions } from "../../options/mod.ts";
import { type AssertionResult, failedAssertionLines } from "../../assert/mod.ts";
import { REPORT_FORMATS } from "../../report/formats.ts";
import { extraMissing } from "../../report/sort.ts";
import { headerOfReplay, openInput, runningOfReplay, sayNotes } from "../../run/open_input.ts";
import { openOutput } from "../../run/output.ts";
import { makeReport } from "../../run/make_report.ts";
import type { RunResult } from "../../exit_status.ts";
import { lookOf } from "../../run/terminal.ts";
import { traceUser } from "../../run/trace_user.ts";
import { writePieces } from "../../run/write_pieces.ts";
import type { ReportCommand } from "./task.ts";
import { say } from "../../say.ts";

/** Result of a replay, for the exit status. */
export interface ReplayResult extends RunResult {
  failedAssertions: readonly AssertionResult[];
}

/** `ior report`: the report of recordings, made by the same code as that of a trace. */
export async function runReport(options: ReportCommand): Promise<ReplayResult> {
  const recording = await openInput(options.from);
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const { report, failed } = await reportOfRecording(recording, options, options);
  const missing = extraMissing(report, options.sort);
  if (missing !== null) {
    throw new IorError("usage", `Cannot sort by ${options.sort}: no call of the recording has that value`, {
      hint: `Record with --${missing}, or sort by another key`,
    });
  }
  sayNotes(recording, options.quiet);
  const look = lookOf(options);
  await writePieces(output, REPORT_FORMATS[options.format].render(report, options, look));
  await output.finish();
  for (const line of failedAssertionLines(failed, look.ascii)) say(line);
  return { commandStatus: null, lossFree: countsAll(report), failedAssertions: failed };
}

/** The uncut report of a recording, of the calls that `selected` selects; `null` for all. */
export async function reportOfRecording(
  recording: Recording,
  options: ReportOptions,
  selected: Pick<RunOptions, "selection" | "selectionDescription"> | null,
): Promise<{ report: Report; failed: AssertionResult[] }> {
  const { arch } = recording;
  const filter = selected && batchFilter(selected.selection, arch);
  const config = { arch, ...STATS_LIMITS, by: options.by, ignoresFetched: !recording.knowsFetched };
  await using stats = await StatsClient.start(config);
  await replay(recording, filter, [stats]);
  const running = selected ? runningOfReplay(recording, filter, selected) : recording.running;
  const header = selected ? headerOfReplay(recording, filter, selected) : recording.header;
  return makeReport(options, header, await stats.snapshot(), { running });
}
