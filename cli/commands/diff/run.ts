import { isRecording } from "../../../engine/recording/mod.ts";
import { IorError } from "../../../runtime/errors.ts";
import { countsAll, type Report } from "../../../runtime/report.ts";
import type { GroupKey } from "../../../runtime/stats.ts";
import { abandonOnSignal } from "../../run/abandon_on_signal.ts";
import type { ReportOptions } from "../../options/mod.ts";
import {
  checkFailOn,
  compareReports,
  comparisonJson,
  cutComparison,
  failedFailOnLines,
  readReport,
  renderComparison,
  tablesNeeded,
} from "../../compare/mod.ts";
import { openInput } from "../../run/open_input.ts";
import { openOutput } from "../../run/output.ts";
import { readTextFile } from "../../run/read_text_file.ts";
import { reportOfRecording } from "../report/run.ts";
import type { RunResult } from "../../exit_status.ts";
import { lookOf } from "../../run/terminal.ts";
import { traceUser } from "../../run/trace_user.ts";
import type { DiffCommand } from "./task.ts";
import { say } from "../../say.ts";

/** Columns of a comparison that goes to a file or a pipe. */
const PIPE_WIDTH = 120;

/** Result of a comparison, for the exit status. */
export interface DiffResult extends RunResult {
  /** Number of `--fail-on` conditions that hold or cannot be decided; they have been printed. */
  failedConditions: number;
}

/** `ior diff`: two recordings or reports compared. */
export async function runDiff(options: DiffCommand): Promise<DiffResult> {
  const { json, top, failOn } = options;
  // Only a table of groups has histograms of files and processes, without which no quantile can be judged.
  const by: GroupKey[][] = [["file"], ["process"]];
  for (const table of tablesNeeded(failOn)) {
    if (!by.some((keys) => keys.join() === table.join())) by.push(table);
  }
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const before = await readSide(options.before, by, options);
  const after = await readSide(options.after, by, options);
  const comparison = compareReports(before, after);
  const results = checkFailOn(before, after, failOn);
  if (failOn.length > 0) comparison.fail_on = results;
  const look = lookOf(options);
  output.write(
    json
      ? comparisonJson(cutComparison(comparison, top))
      : renderComparison(comparison, { ...look, width: look.width ?? PIPE_WIDTH, top }),
  );
  await output.finish();
  const failed = failedFailOnLines(results, look.ascii);
  for (const line of failed) say(line);
  const lossFree = [before, after].every(countsAll);
  return { commandStatus: null, lossFree, failedConditions: failed.length };
}

/**
 * The report of the selected calls of a recording, with the tables that the conditions need, or a document of
 * `trace --json`, from which nothing can be selected.
 */
async function readSide(path: string, by: GroupKey[][], task: DiffCommand): Promise<Report> {
  const { callFlag } = task;
  if (!(await isRecording(path))) {
    const report = readReport(await readTextFile(path), path);
    if (callFlag === null) return report;
    throw new IorError(
      "usage",
      `Cannot use ${callFlag} with ${path}: it is a report, which has no single calls to select`,
      { hint: `Leave ${callFlag} out, or compare recordings` },
    );
  }
  const recording = await openInput([path]);
  const options: ReportOptions = {
    format: "json",
    top: null,
    sort: "time",
    by,
    columns: null,
    depth: null,
    advice: false,
    tables: null,
    brief: false,
    assertions: [],
  };
  return (await reportOfRecording(recording, options, callFlag === null ? null : task)).report;
}
