/** What it costs to render a row as text, beside a loop that only reads the columns. */
import { ByteText, rowFormat, type RowFormatName } from "../../cli/rows/mod.ts";
import { RowBuilder } from "../../engine/event_rows.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { header, STARTED_NS } from "../engine/recording/fixture.ts";
import { measureStream, type StreamCost, STREAMS } from "./streams.ts";

/** Bytes after which the text is taken, as `ior stream` does. */
const PIECE_BYTES = 60 * 1024;

/** Renders the ordinary streams in the formats for programs. */
export function runRowsBench(): { format: RowFormatName; cost: StreamCost }[] {
  return (["ndjson", "csv"] as const).flatMap((format) =>
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
  const rows = new RowBuilder("x86_64");
  const look = { width: null, color: false, ascii: false };
  const format = rowFormat(name, { header: header(), startedEpochNs: STARTED_NS, columns: null, look });
  const text = new ByteText();
  return {
    ingest(batch: EventBatch) {
      rows.apply(batch);
      for (let i = 0; i < batch.length; i++) {
        format.row(rows.row(i), text);
        if (text.length >= PIECE_BYTES) text.take();
      }
    },
  };
}

if (import.meta.main) console.log(rowsBenchLines(runRowsBench(), 1_000_000).join("\n"));
