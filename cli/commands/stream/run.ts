import { type AttachedTrace, batchFilter, machineArch, replay } from "../../../engine/mod.ts";
import { withNotShown } from "../../../runtime/loss.ts";
import { type ReportHeader, uringToTell } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import type { Arch } from "../../../runtime/syscalls/mod.ts";
import { abandonOnSignal } from "../../run/abandon_on_signal.ts";
import { openOutput, type Output } from "../../run/output.ts";
import { sayLoss } from "../../run/progress.ts";
import { hasWorker, type RowFormat, rowFormat, type RowFormatOptions } from "../../rows/mod.ts";
import type { TextSink } from "../../rows/worker/rows_client.ts";
import type { RunResult } from "../../exit_status.ts";
import { TraceRun } from "../../run/run_session.ts";
import { lookOf } from "../../run/terminal.ts";
import { traceUser } from "../../run/trace_user.ts";
import { RowWriter } from "./row_writer.ts";
import type { StreamCommand } from "./task.ts";
import { say } from "../../say.ts";
import { formatCount } from "../../text/format.ts";

/** Time for rows that were recorded and not shown yet when a signal ends the trace: with it a stop takes 200 ms at most. */
const LATE_MS = 100;

/** `ior stream`: one row per finished call, as it happens, or as it was recorded. */
export async function runStream(options: StreamCommand): Promise<RunResult> {
  return options.from.length === 0 ? await streamLive(options) : await streamRecordings(options);
}

async function streamLive(options: StreamCommand): Promise<RunResult> {
  await using run = new TraceRun(options, { writesMeanwhile: options.output === null });
  const attached = await run.attach(await run.prepare());
  const { facts } = attached;
  const header = run.header(facts, attached.figures());
  const rows = openRows(options, run.output, header, machineArch(), facts.startedWallNs);
  using _writer = rows.writer;
  return await run.whileRunning(stream(options, run, attached, rows));
}

async function stream(
  options: StreamCommand,
  run: TraceRun,
  attached: AttachedTrace,
  { format, writer }: Rows,
): Promise<RunResult> {
  const { output } = run;
  const running = run.start(attached, [writer]);
  running.stopping.then(() => run.isInterrupted && writer.endIn(LATE_MS));
  await Promise.race([writer.over, run.untilEnded(running)]);
  const trace = await running.stop();
  await writer.finish();
  const ended = { ...trace, loss: withNotShown(trace.loss, writer.notShown) };
  const header = run.header(attached.facts, ended);
  end(options, output, format, { header, running: ended.running, rows: writer.rows });
  await output.finish();
  return await run.result(ended);
}

async function streamRecordings(options: StreamCommand): Promise<RunResult> {
  // The readers of recordings take time to load, and a trace does not need them.
  const { inOrder } = await import("../../../engine/recording/mod.ts");
  const { headerOfReplay, openInput, runningOfReplay, sayNotes } = await import("../../run/open_input.ts");
  const recording = await openInput(options.from);
  const { arch, startedWallNs } = recording;
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const filter = batchFilter(options.selection, arch);
  const { format, writer: opened } = openRows(
    options,
    output,
    headerOfReplay(recording, filter, options),
    arch,
    startedWallNs,
  );
  using writer = opened;
  await replay(inOrder(recording), filter, [writer], () => writer.isOver);
  await writer.finish();
  const header = headerOfReplay(recording, filter, options);
  const running = runningOfReplay(recording, filter, options);
  end(options, output, format, { header, running, rows: writer.rows });
  sayNotes(recording, options.quiet);
  await output.finish();
  return { commandStatus: null, lossFree: header.loss.state === "none" };
}

/** Rows in their format, and what writes them. */
interface Rows {
  format: RowFormat;
  writer: RowWriter;
}

/** Writes what comes before the first row, and makes what writes the rows. */
function openRows(
  { format: name, columns, maxRows, ...look }: StreamCommand,
  output: Output,
  header: ReportHeader,
  arch: Arch,
  startedEpochNs: bigint,
): Rows {
  const options: RowFormatOptions = { header, startedEpochNs, columns, look: lookOf(look) };
  const format = rowFormat(name, options);
  output.write(format.begin());
  const startWorker = hasWorker(name)
    ? async (take: TextSink) => {
      const { RowsClient } = await import("../../rows/worker/rows_client.ts");
      return await RowsClient.start({ arch, format: name, options }, take);
    }
    : null;
  return { format, writer: new RowWriter({ output, calls: format.calls(arch), startWorker, maxRows }) };
}

function end(
  options: StreamCommand,
  output: Output,
  format: RowFormat,
  { header, running, rows }: { header: ReportHeader; running: readonly RunningCall[]; rows: number },
): void {
  output.write(format.end(header, rows, running));
  if (options.quiet) return;
  for (const { requests, whose } of uringToTell(header.io_uring_requests ?? [])) {
    say(`${formatCount(requests)} io_uring requests of ${whose} are not in these rows`);
  }
  const isTraced = options.from.length === 0;
  const notShown = header.loss.by?.not_shown ?? 0;
  if (isTraced && notShown > 0) {
    say(`${formatCount(notShown)} calls were seen and not shown: ior was told to stop`);
  }
  if (!format.tellsEnd) sayLoss(header, isTraced);
}
