/** Rows of a trace into a file: how many a second, and how many are lost, while loops call as fast as they can and from a full buffer. */
import { readBacklog } from "./backlog.ts";
import { ior, loopCommand, type LoopResults, type LoopRun, parseLoops, runBare } from "./loops.ts";
import { type Printed, run } from "./run.ts";

/** A kind of file. */
interface Sink {
  name: string;
  extension: string;
  /** Rows a second that are wanted, as a part of the calls that a loop makes untraced: of 6.7 million where it was set. */
  budget: number;
  command(file: string): string[];
  rows(file: string, printed: Printed): Promise<number>;
}

const SINKS: readonly Sink[] = [
  ...["ndjson", "csv"].map((format) => ({
    name: `stream --format ${format}`,
    extension: format,
    budget: 0.15,
    command: (file: string) => ["stream", "--format", format, "-o", file],
    // A header and an end are lines too, of millions.
    rows: async (file: string) => parseInt((await run(["wc", "-l", file])).stdout),
  })),
  {
    name: "record",
    extension: "parquet",
    budget: 0.3,
    command: (file) => ["record", file],
    rows: (_file, { stderr }) =>
      Promise.resolve(Number(/([\d,]+) calls recorded/.exec(stderr)?.[1].replaceAll(",", ""))),
  },
];

/** Enough for more rows than are read in a second. */
const BACKLOG_FLAGS = ["--ring-size", "128M"];

/**
 * For one loop and for one on each core its untraced rate, and a line for each kind of file. Then a line for each from a full
 * buffer: of what many rows take longer than few, so that start and end of ior do not count.
 */
export async function liveLines(directory: string, program: string, seconds: number): Promise<string[]> {
  const loops: LoopRun = { program, cpus: 1, seconds, loops: ["read-write"] };
  const lines: string[] = [];
  for (const cpus of new Set([1, navigator.hardwareConcurrency])) {
    const untraced = await runBare({ ...loops, cpus });
    lines.push(`  loops at once: ${cpus}, ${millions(callRate(untraced, cpus))} calls/s untraced`);
    for (const sink of SINKS) {
      const { printed, rows } = await written(directory, sink, { ...loops, cpus }, [], runOver);
      const made = parseLoops(printed.stdout);
      const share = Math.min(1, rows / made.get("read-write")!.calls);
      const calls = callRate(made, cpus);
      lines.push(
        `    ${sink.name}: ${millions(share * calls)} rows/s of ${millions(calls)} calls/s, ` +
          `${(100 * (1 - share)).toFixed(1)} % lost`,
      );
    }
  }
  const untraced = callRate(await runBare(loops), 1);
  lines.push(`  from a full buffer; one loop makes ${millions(untraced)} calls/s untraced`);
  for (const sink of SINKS) {
    const few = await written(
      directory,
      sink,
      { ...loops, seconds: seconds / 8 },
      BACKLOG_FLAGS,
      readBacklog,
    );
    const many = await written(directory, sink, loops, BACKLOG_FLAGS, readBacklog);
    const rate = 1000 * (many.rows - few.rows) / (many.printed.ms - few.printed.ms);
    lines.push(
      `    ${sink.name}: ${millions(rate)} rows/s, ${(rate / untraced).toFixed(2)}x of the loop (budget ${
        sink.budget.toFixed(2)
      }x)`,
    );
  }
  return lines;
}

/** Runs ior over the loops, in one way or another, and counts the rows in its file, which is removed. */
async function written<P extends Printed>(
  directory: string,
  { extension, command, rows }: Sink,
  loops: LoopRun,
  flags: readonly string[],
  runIor: (ior: readonly string[], command: readonly string[]) => Promise<P>,
): Promise<{ printed: P; rows: number }> {
  const file = `${directory}/rows.${extension}`;
  const printed = await runIor(ior(...command(file), "-e", "read,write", ...flags), loopCommand(loops));
  const count = await rows(file, printed);
  Deno.removeSync(file);
  return { printed, rows: count };
}

function runOver(ior: readonly string[], command: readonly string[]): Promise<Printed> {
  return run([...ior, "--", ...command]);
}

/** Calls a second of loops that ran at the same time. */
function callRate(results: LoopResults, cpus: number): number {
  return cpus * 1e9 / results.get("read-write")!.nsPerCall;
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(2)} million`;
}
