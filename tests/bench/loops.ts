/** The loop program: building it, and its figures bare or beside ior. */
import { attach, type Printed, run } from "./run.ts";

const SOURCE = new URL("./loops.c", import.meta.url).pathname;
/** The command line's module. */
export const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;

/** Loops of `loops.c`. */
export type Loop = "read-write" | "open-fstat-read-close" | "stat" | "mix";

/** What a loop took, on all processors together. */
export interface LoopResult {
  calls: number;
  ns: number;
  nsPerCall: number;
}

/** The results of loops. */
export type LoopResults = ReadonlyMap<Loop, LoopResult>;

/** What is run: each loop for some seconds after the other, on each of some processors at once. */
export interface LoopRun {
  program: string;
  cpus: number;
  seconds: number;
  loops: readonly Loop[];
}

/** Compiles a C program of this folder into a directory and answers with its path. */
export async function buildLoops(directory: string): Promise<string> {
  const program = `${directory}/loops`;
  await run(["gcc", "-O2", "-o", program, SOURCE]);
  return program;
}

/** The words of a run. */
export function loopCommand({ program, cpus, seconds, loops }: LoopRun): string[] {
  return [program, String(cpus), String(seconds), ...loops];
}

/**
 * The figures that loops printed; those of several processors are added up.
 *
 * @throws {Error} When there are none.
 */
export function parseLoops(stdout: string): LoopResults {
  const results = new Map<Loop, LoopResult>();
  for (const [, name, ...figures] of stdout.matchAll(/^([a-z-]+) (\d+) (\d+)$/gm)) {
    const before = results.get(name as Loop);
    const calls = Number(figures[0]) + (before?.calls ?? 0);
    const ns = Number(figures[1]) + (before?.ns ?? 0);
    results.set(name as Loop, { calls, ns, nsPerCall: ns / calls });
  }
  if (results.size === 0) throw new Error(`Cannot read the figures of the loops: ${stdout}`);
  return results;
}

/** Runs loops by themselves. */
export async function runBare(loops: LoopRun): Promise<LoopResults> {
  return parseLoops((await run(loopCommand(loops))).stdout);
}

/** The part of a report that the benchmark reads. */
export interface Report {
  calls: number;
  loss: { state: string; calls: number | null };
  cost: { cpu_ns: number; max_rss_bytes: number };
}

/** The words of a command of this checkout. */
export function ior(...args: string[]): string[] {
  return [Deno.execPath(), "run", "--allow-all", MAIN, ...args];
}

/** Runs `ior trace --json` over a command and answers with its report and what the command printed. */
export async function runTraced(
  directory: string,
  command: readonly string[],
  flags: readonly string[] = [],
): Promise<{ report: Report } & Printed> {
  const file = `${directory}/report.json`;
  const printed = await run(ior("trace", "--json", "--top", "5", "-o", file, ...flags, "--", ...command));
  return { report: JSON.parse(Deno.readTextFileSync(file)), ...printed };
}

/** Runs loops while ior traces another process. */
export async function runUnselected(loops: LoopRun): Promise<LoopResults> {
  const idle = new Deno.Command("sleep", { args: ["600"] }).spawn();
  try {
    const tracer = await attach(ior("trace", "-q", "-p", String(idle.pid), "-o", "/dev/null"));
    const results = await runBare(loops);
    await tracer.stop();
    return results;
  } finally {
    idle.kill();
    await idle.status;
  }
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
