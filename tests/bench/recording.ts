/** What recording a call costs, beside a loop that only reads the same columns, what it takes on disk, and reading it back. */
import { openRecording } from "../../engine/recording/open_recording.ts";
import { RecordingWriter } from "../../engine/recording/recording_writer.ts";
import { header, STARTED_NS } from "../engine/recording/fixture.ts";
import { measureStream, type Stream, type StreamCost, STREAMS } from "./streams.ts";

/** What a recording of one stream cost. */
export interface RecordingCost extends StreamCost {
  bytesPerRow: number;
  /** Nanoseconds per row to read it back as batches. */
  readNsPerRow: number;
}

/** Records each stream. Takes about a minute and some hundred megabytes of the temporary directory. */
export async function runRecordingBench(): Promise<RecordingCost[]> {
  const costs: RecordingCost[] = [];
  for (const stream of STREAMS) costs.push(await measureRecording(stream));
  return costs;
}

/** The results as lines, beside the budget of the design: rows per second in the recorder. */
export function recordingBenchLines(costs: readonly RecordingCost[], budgetRows: number): string[] {
  const rate = (ns: number) => `${(1e3 / ns).toFixed(2)} million rows/s`;
  return costs.map(({ stream, meanNsPerCall, nsPerCall, ratio, bytesPerRow, readNsPerRow }) =>
    `  recorder, ${stream}: ${rate(meanNsPerCall)} (budget ${(budgetRows / 1e6).toFixed(2)}), ` +
    `${(ratio * meanNsPerCall / nsPerCall).toFixed(0)}x of reading the columns, ` +
    `${bytesPerRow.toFixed(1)} bytes a row, read back at ${rate(readNsPerRow)}`
  );
}

async function measureRecording(stream: Stream): Promise<RecordingCost> {
  const directory = Deno.makeTempDirSync({ prefix: "ior-bench-" });
  try {
    const path = `${directory}/rows.parquet`;
    const writer = new RecordingWriter({ arch: "x86_64", target: { kind: "file", path }, owner: null });
    writer.start({ startedWallNs: STARTED_NS, header: header() });
    const cost = measureStream(stream, writer);
    const { rows, lastError } = await writer.stop({ header: header(), running: [] });
    if (lastError !== null) throw new Error(lastError);
    const { size } = Deno.statSync(path);
    return { ...cost, bytesPerRow: size / rows, readNsPerRow: await readNsPerRow(path, rows) };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

async function readNsPerRow(path: string, rows: number): Promise<number> {
  const start = performance.now();
  const recording = await openRecording([path]);
  for await (const { columns } of recording.batches()) recording.recycle(columns);
  return (performance.now() - start) * 1e6 / rows;
}

if (import.meta.main) console.log(recordingBenchLines(await runRecordingBench(), 500_000).join("\n"));
