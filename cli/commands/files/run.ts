import { type AttachedTrace, batchFilter, machineArch, replay } from "../../../engine/mod.ts";
import { FileSessions } from "../../../engine/sessions/mod.ts";
import type { SessionsResult } from "../../../runtime/file_sessions.ts";
import { countsAll, type ReportHeader } from "../../../runtime/report.ts";
import type { RunResult } from "../../exit_status.ts";
import { filesDocument } from "../../files/document.ts";
import { renderFiles } from "../../files/files_text.ts";
import { indentedJson } from "../../rows/json_text.ts";
import { abandonOnSignal } from "../../run/abandon_on_signal.ts";
import { openOutput, type Output } from "../../run/output.ts";
import { sayLoss, saySampledAway } from "../../run/progress.ts";
import { TraceRun } from "../../run/run_session.ts";
import { lookOf } from "../../run/terminal.ts";
import { traceUser } from "../../run/trace_user.ts";
import type { FilesCommand } from "./task.ts";

/** `ior files`: open file descriptions, of a trace or of recordings. */
export async function runFiles(options: FilesCommand): Promise<RunResult> {
  return options.from.length === 0 ? await filesLive(options) : await filesRecorded(options);
}

async function filesLive(options: FilesCommand): Promise<RunResult> {
  await using run = new TraceRun(options);
  const attached = await run.attach(await run.prepare());
  return await run.whileRunning(follow(options, run, attached));
}

async function follow(options: FilesCommand, run: TraceRun, attached: AttachedTrace): Promise<RunResult> {
  const sessions = new FileSessions(machineArch(), options.shown);
  const ended = await run.untilEnded(run.start(attached, [sessions]));
  // Those calls are traced, whether there are any or not.
  const result = { ...sessions.result(), seesProcesses: true };
  await write(options, run.output, run.header(attached.facts, ended), result);
  await run.output.finish();
  return await run.result(ended);
}

async function filesRecorded(options: FilesCommand): Promise<RunResult> {
  // The readers of recordings take time to load, and a trace does not need them.
  const { inOrder } = await import("../../../engine/recording/mod.ts");
  const { headerOfReplay, openInput, sayNotes } = await import("../../run/open_input.ts");
  const recording = await openInput(options.from);
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const sessions = new FileSessions(recording.arch, options.shown);
  await replay(inOrder(recording), null, [sessions]);
  sayNotes(recording, options.quiet);
  const header = headerOfReplay(recording, batchFilter(options.shown, recording.arch), options);
  await write(options, output, header, sessions.result());
  await output.finish();
  return { commandStatus: null, lossFree: countsAll(header) };
}

async function write(
  options: FilesCommand,
  output: Output,
  header: ReportHeader,
  result: SessionsResult,
): Promise<void> {
  const document = filesDocument(header, result, options);
  switch (options.format) {
    case "text":
      return output.write(renderFiles(document, lookOf(options)));
    case "json":
      return output.write(`${indentedJson(document)}\n`);
    case "parquet": {
      const { filesParquet } = await import("../../files/parquet.ts");
      for (const piece of filesParquet(document)) output.write(piece);
      if (options.quiet) return;
      sayLoss(header, options.from.length === 0);
      saySampledAway(header);
    }
  }
}
