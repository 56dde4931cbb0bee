import { type BatchConsumer, machineArch, RowBuilder } from "../engine/mod.ts";
import type { EventBatch } from "../runtime/event_batch.ts";
import type { StreamRow } from "../runtime/row.ts";
import type { StreamCommand } from "./args/mod.ts";
import type { Output } from "./output.ts";
import {
  createNdjsonRenderer,
  createRowClock,
  createTextRenderer,
  renderRowsEnd,
  renderRowsHeader,
} from "./rows/mod.ts";
import { type Run, type RunResult, runSession } from "./run_session.ts";

/** Rows rendered into one piece of output. */
const ROWS_AT_ONCE = 1024;

/** Renders every row of a batch into the output. */
class RowWriter implements BatchConsumer {
  readonly #rows = new RowBuilder(machineArch());
  readonly #begun = Promise.withResolvers<void>();
  #output: Output | null = null;
  #render: ((row: StreamRow) => string) | null = null;
  /** Called when nobody reads any more. */
  onClosed: () => void = () => {};

  /** Batches flow only after the session has begun. */
  begin(output: Output, render: (row: StreamRow) => string): void {
    this.#output = output;
    this.#render = render;
    this.#begun.resolve();
  }

  get canIngest(): boolean {
    return this.#output?.hasRoom ?? false;
  }

  room(): Promise<void> {
    return this.#output?.room() ?? this.#begun.promise;
  }

  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    const output = this.#output!;
    if (output.closed) return this.onClosed();
    // In small pieces: the text of a whole batch would be tens of megabytes of short-lived memory.
    for (let i = 0; i < batch.length;) {
      let text = "";
      for (const end = Math.min(batch.length, i + ROWS_AT_ONCE); i < end; i++) {
        text += this.#render!(this.#rows.row(i)) + "\n";
      }
      output.write(text);
    }
  }
}

/** `ior stream`: one row per finished call, as it happens. */
export function runStream(options: StreamCommand): Promise<RunResult> {
  const writer = new RowWriter();
  return runSession(
    options,
    () => Promise.resolve([writer]),
    (run) => {
      const { output, look } = run;
      writer.onClosed = () => void run.session.stop().catch(() => {});
      if (options.format === "ndjson") {
        output.write(renderRowsHeader(run.header()) + "\n");
        writer.begin(output, createNdjsonRenderer(createRowClock(run.session.facts.startedWallNs)));
      } else {
        const renderer = createTextRenderer(look);
        output.write(renderer.header() + "\n");
        writer.begin(output, (row) => renderer.row(row));
      }
    },
    (run) => end(run, options),
  );
}

function end({ session, output }: Run, options: StreamCommand): void {
  const { calls, loss, cost, uringRequests } = session.summary();
  if (options.format === "ndjson") output.write(renderRowsEnd(calls, loss, cost, uringRequests) + "\n");
  if (options.quiet) return;
  for (const { pid, requests } of uringRequests) {
    console.error(`ior: ${requests} io_uring requests of process ${pid} are not in these rows`);
  }
  if (options.format !== "ndjson" && loss.state !== "none") {
    const lost = loss.state === "unknown"
      ? "It is unknown how many calls were lost"
      : `${loss.calls} calls were lost`;
    console.error(`ior: ${lost}; choose a larger --ring-size or a narrower selection`);
  }
}
