/** What it costs to render a row as text, beside a loop that only reads the columns. */
import { ByteText, rowFormat, type RowFormatName } from "../../cli/rows/mod.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { header, STARTED_NS } from "../engine/recording/fixture.ts";
import { measureStream, type StreamCost, STREAMS } from "./streams.ts";

const FORMATS = ["ndjson", "csv"] as const;

/** Renders the ordinary streams in the formats for programs. */
export function runRowsBench(): { format: RowFormatName; cost: StreamCost }[] {
  return FORMATS.flatMap((format) =>
    STREAMS.slice(0, 4).map((stream) => ({ format, cost: measureStream(stream, renderer(format)) }))
  );
}

/** The results as lines, beside the budget of the design: rows per second. */
export function rowsBenchLines(costs: ReturnType<typeof runRowsBench>, budgetRows: number): string[] {
  return costs.map(({ format, cost: { stream, nsPerCall, ratio } }) =>
    `  ${format}, ${stream}: ${(1e3 / nsPerCall).toFixed(2)} million rows/s (budget ${
      (budgetRows / 1e6).toFixed(2)
    }), ${ratio.toFixed(0)}x of reading the columns`
  );
}

function renderer(name: RowFormatName) {
  const look = { width: null, color: false, ascii: false };
  const options = { header: header(), startedEpochNs: STARTED_NS, columns: null, look };
  const calls = rowFormat(name, options).calls("x86_64");
  const text = new ByteText();
  let memory: ArrayBuffer | undefined;
  return {
    // As the worker does, whose memory comes back.
    ingest(batch: EventBatch) {
      calls.apply(batch);
      for (let i = 0; i < batch.length; i++) calls.write(i, text);
      memory = text.takeMemory(memory).buffer;
    },
  };
}

if (import.meta.main) console.log(rowsBenchLines(runRowsBench(), 1_000_000).join("\n"));
