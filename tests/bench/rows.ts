/** What it costs to render a row as text, beside a loop that only reads the columns. */
import { ByteText, rowFormat, type RowFormatName } from "../../cli/rows/mod.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { header, STARTED_NS } from "../engine/recording/fixture.ts";
import { MAIN, parseLoop } from "./loops.ts";
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

/** Rows per second that `ior stream` writes to a file while a loop runs as fast as it can, and how many of them it loses; a line each. */
export function liveRowsLines(directory: string, program: string, seconds: number): string[] {
  return FORMATS.map((format) => {
    const file = `${directory}/rows.${format}`;
    const flags = ["stream", "-e", "read,write", "--format", format, "-o", file];
    const { success, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", MAIN, ...flags, "--", program, "read-write", String(seconds)],
      stderr: "piped",
    }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const { calls, ns } = parseLoop(stderr);
    const { stdout } = new Deno.Command("wc", { args: ["-l", file] }).outputSync();
    const rows = parseInt(new TextDecoder().decode(stdout));
    Deno.removeSync(file);
    return `  ${format} to a file: ${(1e3 * rows / ns).toFixed(2)} million rows/s, ${
      (100 * Math.max(0, 1 - rows / calls)).toFixed(1)
    }% of ${(calls / 1e6).toFixed(1)} million calls lost`;
  });
}

if (import.meta.main) console.log(rowsBenchLines(runRowsBench(), 1_000_000).join("\n"));
