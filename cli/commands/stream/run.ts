import { type BatchConsumer, machineArch, replay, RowBuilder, selectionFilter } from "../../../engine/mod.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall, StreamRow } from "../../../runtime/row.ts";
import type { Arch } from "../../../runtime/syscalls/mod.ts";
import { abandonOnSignal } from "../../abandon_on_signal.ts";
import { openOutput, type Output } from "../../output.ts";
import { type RowFormat, rowFormat } from "../../rows/mod.ts";
import { type Run, type RunResult, runSession } from "../../run_session.ts";
import { lookOf } from "../../terminal.ts";
import { traceUser } from "../../trace_user.ts";
import type { StreamCommand } from "./command.ts";

/** Rows that there are as objects at once: few, so that they are gone before the collector looks. */
const ROWS_AT_ONCE = 64;

/** Characters written in one piece; the text of a whole batch would be tens of megabytes of short-lived memory. */
const PIECE_CHARACTERS = 256 * 1024;

/** Renders every row of a batch into the output. */
class RowWriter implements BatchConsumer {
  readonly #rows: RowBuilder;
  readonly #begun = Promise.withResolvers<void>();
  #output: Output | null = null;
  #format: RowFormat | null = null;
  /** Rows still wanted. */
  #left: number;
  /** Called when nobody reads any more, or has all that was asked for. */
  onOver: () => void = () => {};
  rows = 0;

  constructor(arch: Arch, maxRows: number | null) {
    this.#rows = new RowBuilder(arch);
    this.#left = maxRows ?? Infinity;
  }

  /** Batches flow only after the session has begun. */
  begin(output: Output, format: RowFormat): void {
    this.#output = output;
    this.#format = format;
    this.#begun.resolve();
  }

  get canIngest(): boolean {
    return this.#output?.hasRoom ?? false;
  }

  room(): Promise<void> {
    return this.#output?.room() ?? this.#begun.promise;
  }

  /** True when no more rows are wanted. */
  get isOver(): boolean {
    return this.#left === 0 || this.#output!.closed;
  }

  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    const wanted = Math.min(batch.length, this.#left);
    if (this.isOver) return this.onOver();
    const output = this.#output!;
    let text = "";
    for (let i = 0; i < wanted; i += ROWS_AT_ONCE) {
      const part = this.#render(i, Math.min(wanted, i + ROWS_AT_ONCE));
      if (typeof part === "string") text += part;
      if (text !== "" && (typeof part !== "string" || text.length >= PIECE_CHARACTERS)) {
        output.write(text);
        text = "";
      }
      if (typeof part !== "string") output.write(part);
    }
    if (text !== "") output.write(text);
    this.rows += wanted;
    this.#left -= wanted;
    if (this.isOver) this.onOver();
  }

  #render(from: number, to: number): string | Uint8Array {
    const rows: StreamRow[] = [];
    for (let i = from; i < to; i++) rows.push(this.#rows.row(i));
    return this.#format!.rows(rows);
  }
}

/** `ior stream`: one row per finished call, as it happens, or as it was recorded. */
export async function runStream(options: StreamCommand): Promise<RunResult> {
  return options.from.length === 0 ? await streamLive(options) : await streamRecordings(options);
}

async function streamLive(options: StreamCommand): Promise<RunResult> {
  const writer = new RowWriter(machineArch(), options.maxRows);
  let format: RowFormat;
  return await runSession(options, {
    writesMeanwhile: options.output === null,
    consumers: () => Promise.resolve([writer]),
    began: ({ session, output, header }: Run) => {
      writer.onOver = () => void session.stop().catch(() => {});
      format = formatOf(options, header(), session.facts.startedWallNs);
      output.write(format.begin());
      writer.begin(output, format);
    },
    finish: ({ session, output, header }: Run) => {
      const { running } = session.summary();
      end(options, output, format, { header: header(), running, rows: writer.rows });
    },
  });
}

async function streamRecordings(options: StreamCommand): Promise<RunResult> {
  // What reads recordings takes time to load, and a trace needs none of it.
  const { headerOfReplay, openInput, sayNotes } = await import("../../open_input.ts");
  const recording = await openInput(options.from);
  const { arch, startedWallNs } = recording;
  await using output = openOutput(options.output, traceUser());
  using _signals = abandonOnSignal(output);
  const writer = new RowWriter(arch, options.maxRows);
  const filter = selectionFilter(options.selection, Deno.build.arch, arch);
  const format = formatOf(options, headerOfReplay(recording, filter, options), startedWallNs);
  output.write(format.begin());
  writer.begin(output, format);
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
    console.error(`ior: ${requests} io_uring requests of process ${pid} are not in these rows`);
  }
  const { state, calls } = header.loss;
  if (!format.tellsEnd && state !== "none") {
    const lost = state === "unknown" ? "It is unknown how many calls were lost" : `${calls} calls were lost`;
    const hint = options.from.length > 0 ? "" : "; choose a larger --ring-size or a narrower selection";
    console.error(`ior: ${lost}${hint}`);
  }
}
