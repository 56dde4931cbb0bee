/** Rows of a running trace into a file: how many a second, and how many are lost, while loops call as fast as they can. */
import { ior, loopCommand, type LoopResult, type LoopRun, parseLoops, runBare } from "./loops.ts";
import { type Printed, run } from "./run.ts";

/** Rows a second that are wanted of each, without loss. */
const SINKS: readonly {
  name: string;
  budget: number;
  command(file: string): string[];
  rows(file: string, printed: Printed): Promise<number>;
}[] = [
  ...["ndjson", "csv"].map((format) => ({
    name: `stream --format ${format}`,
    budget: 1e6,
    command: (file: string) => ["stream", "--format", format, "-o", file],
    // A header and an end are lines too, of millions.
    rows: async (file: string) => parseInt((await run(["wc", "-l", file])).stdout),
  })),
  {
    name: "record",
    budget: 2e6,
    command: (file) => ["record", file],
    rows: (_file, { stderr }) =>
      Promise.resolve(Number(/([\d,]+) calls recorded/.exec(stderr)?.[1].replaceAll(",", ""))),
  },
];

/** A line for each number of loops at once, with their untraced rate, and below it one for each kind of file. */
export async function liveLines(directory: string, program: string, seconds: number): Promise<string[]> {
  const lines: string[] = [];
  for (const cpus of new Set([1, navigator.hardwareConcurrency])) {
    const loops: LoopRun = { program, cpus, seconds, loops: ["read-write"] };
    const untraced = (await runBare(loops)).get("read-write")!;
    lines.push(
      `  ${cpus} process${cpus === 1 ? "" : "es"}, ${millions(rate(untraced, cpus))} calls/s untraced`,
    );
    for (const { name, budget, command, rows } of SINKS) {
      const file = `${directory}/rows`;
      const printed = await run(ior(...command(file), "-e", "read,write", "--", ...loopCommand(loops)));
      const made = parseLoops(printed.stdout).get("read-write")!;
      const written = await rows(file, printed);
      Deno.removeSync(file);
      const share = Math.min(1, written / made.calls);
      lines.push(
        `    ${name}: ${millions(share * rate(made, cpus))} rows/s written of ${
          millions(rate(made, cpus))
        } calls/s (wanted ${millions(budget)}), ${(100 * (1 - share)).toFixed(1)} % lost`,
      );
    }
  }
  return lines;
}

/** Calls a second of loops that ran at the same time. */
function rate({ nsPerCall }: LoopResult, cpus: number): number {
  return cpus * 1e9 / nsPerCall;
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(2)} million`;
}
