import { batchFilter, replay, StatsClient } from "../../../engine/mod.ts";
import type { Recording } from "../../../engine/recording/mod.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import type { Report } from "../../../runtime/report.ts";
import { abandonOnSignal } from "../../abandon_on_signal.ts";
import type { ReportOptions, RunOptions } from "../../options/mod.ts";
import { type AssertionResult, failedAssertionLines } from "../../assert/mod.ts";
import { headerOfReplay, openInput, sayNotes } from "../../open_input.ts";
import { openOutput } from "../../output.ts";
import { makeReport, reportDocument, reportText } from "../../report/make_report.ts";
import type { RunResult } from "../../run_session.ts";
import { lookOf } from "../../terminal.ts";
import { traceUser } from "../../trace_user.ts";
import type { ReportCommand } from "./command.ts";
import { say } from "../../say.ts";

/** What a replay leaves behind for the exit status. */
export interface ReplayResult extends RunResult {
  failedAssertions: readonly AssertionResult[];
}

/** `ior report`: the report of recordings, made by the same code as that of a trace. */
export async function runReport(options: ReportCommand): Promise<ReplayResult> {
  const recording = await openInput(options.from);
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const { report, failed } = await reportOfRecording(recording, options, options);
  sayNotes(recording, options.quiet);
  const look = lookOf(options);
  output.write(
    options.json ? reportDocument(options, report, "indented") : reportText(options, report, look),
  );
  await output.finish();
  for (const line of failedAssertionLines(failed, look.ascii)) say(line);
  return { commandStatus: null, lossFree: report.loss.state === "none", failedAssertions: failed };
}

/** The report of a recording, not cut, of the calls that `selected` selects; `null` for all. */
export async function reportOfRecording(
  recording: Recording,
  options: ReportOptions,
  selected: Pick<RunOptions, "selection" | "selectionDescription"> | null,
): Promise<{ report: Report; failed: AssertionResult[] }> {
  const { arch } = recording;
  const filter = selected && batchFilter(selected.selection, arch);
  const config = { arch, ...STATS_LIMITS, by: options.by };
  await using stats = await StatsClient.start(config);
  await replay(recording, filter, [stats]);
  const { running } = recording;
  const header = selected ? headerOfReplay(recording, filter, selected) : recording.header;
  return makeReport(options, header, await stats.snapshot(), { running });
}
