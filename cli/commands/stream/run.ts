import {
  type AttachedTrace,
  batchFilter,
  type BatchReader,
  machineArch,
  replay,
  RowBuilder,
} from "../../../engine/mod.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { withNotShown } from "../../../runtime/loss.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import type { Arch } from "../../../runtime/syscalls/mod.ts";
import { abandonOnSignal } from "../../run/abandon_on_signal.ts";
import { openOutput, type Output } from "../../run/output.ts";
import { ByteText, type RowFormat, rowFormat } from "../../rows/mod.ts";
import type { RunResult } from "../../exit_status.ts";
import { TraceRun } from "../../run/run_session.ts";
import { lookOf } from "../../run/terminal.ts";
import { traceUser } from "../../run/trace_user.ts";
import type { StreamCommand } from "./task.ts";
import { say } from "../../say.ts";
import { formatCount } from "../../text/format.ts";

/** Rows rendered between two looks at the clock. */
const ROWS_AT_ONCE = 64;

/** Bytes written in one piece: as much as the output writes at once, and so little that the allocator reuses their memory. */
const PIECE_BYTES = 60 * 1024;

/** Time for rows that were recorded and not shown yet when a signal ends the trace: with it a stop takes 200 ms at most. */
const LATE_MS = 100;

/** Rows shown after that all the same, a few milliseconds: on a busy machine ior may not have had a core for so long. */
const LATE_ROWS = 1024;

/** Renders every row of a batch into the output. */
class RowWriter implements BatchReader {
  readonly keepsColumns = false;
  readonly #rows: RowBuilder;
  readonly #output: Output;
  readonly #format: RowFormat;
  readonly #text = new ByteText();
  readonly #over = Promise.withResolvers<void>();
  /** Rows still to write. */
  #left: number;
  /** When rows are not shown any more, milliseconds of `performance.now()`. */
  #endMs = Infinity;
  /** Rows that are shown after that. */
  #lateRows = LATE_ROWS;
  #wake = () => {};
  /** Rows written. */
  rows = 0;
  /** Rows that came too late to be shown. */
  notShown = 0;

  constructor(arch: Arch, output: Output, format: RowFormat, maxRows: number | null) {
    this.#rows = new RowBuilder(arch);
    this.#output = output;
    this.#format = format;
    this.#left = maxRows ?? Infinity;
  }

  get canIngest(): boolean {
    return this.#output.hasRoom || this.#isLate;
  }

  room(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#output.room().then(resolve, reject);
    this.#wake = resolve;
    return promise;
  }

  /** Shows rows for so many milliseconds more, and a few later ones that the output takes at once; the rest is counted. */
  endIn(ms: number): void {
    this.#endMs = performance.now() + ms;
    setTimeout(() => this.#wake(), ms);
  }

  get #isLate(): boolean {
    return performance.now() >= this.#endMs;
  }

  get #mayShow(): boolean {
    return !this.#isLate || (this.#lateRows > 0 && this.#output.hasRoom);
  }

  /** True when the reader has gone or has all requested rows. */
  get isOver(): boolean {
    return this.#left === 0 || this.#output.closed;
  }

  /** Resolves when it {@linkcode isOver}. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    const wanted = this.isOver ? 0 : Math.min(batch.length, this.#left);
    let shown = 0;
    while (shown < wanted && this.#mayShow) {
      const end = Math.min(wanted, shown + ROWS_AT_ONCE);
      if (this.#isLate) this.#lateRows -= end - shown;
      while (shown < end) {
        this.#format.row(this.#rows.row(shown++), this.#text);
        if (this.#text.length >= PIECE_BYTES) this.#output.write(this.#text.take());
      }
    }
    if (this.#text.length > 0) this.#output.write(this.#text.take());
    this.rows += shown;
    this.notShown += wanted - shown;
    if (shown < wanted) this.#lateRows = 0; // what is shown has no hole
    this.#left -= wanted;
    if (this.isOver) this.#over.resolve();
  }
}

/** `ior stream`: one row per finished call, as it happens, or as it was recorded. */
export async function runStream(options: StreamCommand): Promise<RunResult> {
  return options.from.length === 0 ? await streamLive(options) : await streamRecordings(options);
}

async function streamLive(options: StreamCommand): Promise<RunResult> {
  await using run = new TraceRun(options, { writesMeanwhile: options.output === null });
  const attached = await run.attach(await run.prepare());
  const { facts } = attached;
  const format = formatOf(options, run.header(facts, attached.figures()), facts.startedWallNs);
  run.output.write(format.begin());
  return await run.whileRunning(stream(options, run, attached, format));
}

async function stream(
  options: StreamCommand,
  run: TraceRun,
  attached: AttachedTrace,
  format: RowFormat,
): Promise<RunResult> {
  const { output } = run;
  const writer = new RowWriter(machineArch(), output, format, options.maxRows);
  const running = run.start(attached, [writer]);
  running.stopping.then(() => run.isInterrupted && writer.endIn(LATE_MS));
  await Promise.race([writer.over, run.untilEnded(running)]);
  const trace = await running.stop();
  const ended = { ...trace, loss: withNotShown(trace.loss, writer.notShown) };
  const header = run.header(attached.facts, ended);
  end(options, output, format, { header, running: ended.running, rows: writer.rows });
  await output.finish();
  return await run.result(ended);
}

async function streamRecordings(options: StreamCommand): Promise<RunResult> {
  // The readers of recordings take time to load, and a trace does not need them.
  const { headerOfReplay, openInput, sayNotes } = await import("../../run/open_input.ts");
  const recording = await openInput(options.from);
  const { arch, startedWallNs } = recording;
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const filter = batchFilter(options.selection, arch);
  const format = formatOf(options, headerOfReplay(recording, filter, options), startedWallNs);
  output.write(format.begin());
  const writer = new RowWriter(arch, output, format, options.maxRows);
  await replay(recording, filter, [writer], () => writer.isOver);
  const { header, running } = recording;
  end(options, output, format, { header, running, rows: writer.rows });
  sayNotes(recording, options.quiet);
  await output.finish();
  return { commandStatus: null, lossFree: header.loss.state === "none" };
}

function formatOf(options: StreamCommand, header: ReportHeader, startedEpochNs: bigint): RowFormat {
  const { format, columns } = options;
  return rowFormat(format, { header, startedEpochNs, columns, look: lookOf(options) });
}

function end(
  options: StreamCommand,
  output: Output,
  format: RowFormat,
  { header, running, rows }: { header: ReportHeader; running: readonly RunningCall[]; rows: number },
): void {
  output.write(format.end(header, rows, running));
  if (options.quiet) return;
  for (const { pid, requests } of header.io_uring_requests ?? []) {
    say(`${requests} io_uring requests of process ${pid} are not in these rows`);
  }
  const { state, calls, by } = header.loss;
  const notShown = by?.not_shown ?? 0;
  if (options.from.length === 0 && notShown > 0) {
    say(`${formatCount(notShown)} calls were seen and not shown: ior was told to stop`);
  }
  if (!format.tellsEnd && state !== "none" && calls !== notShown) {
    const lost = state === "unknown"
      ? "It is unknown how many calls were lost"
      : `${calls! - notShown} calls were lost`;
    const hint = options.from.length > 0 ? "" : "; choose a larger --ring-size or a narrower selection";
    say(`${lost}${hint}`);
  }
}
