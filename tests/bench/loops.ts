/** The loop program, and running it bare or beside a tracer. */

const SOURCE = new URL("./loops.c", import.meta.url).pathname;
/** The command line's module. */
export const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;

/** Loops of `loops.c`. */
export const LOOPS = ["read-write", "open-stat-read-close", "stat"] as const;

/** One of {@linkcode LOOPS}. */
export type Loop = typeof LOOPS[number];

/** What a loop says of itself. */
export interface LoopResult {
  calls: number;
  ns: number;
  nsPerCall: number;
}

/** Compiles the loop program into a directory and answers with its path. */
export function buildLoops(directory: string): string {
  const program = `${directory}/loops`;
  const { success, stderr } = new Deno.Command("gcc", { args: ["-O2", "-o", program, SOURCE] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return program;
}

/** The figures a loop printed on its standard error. */
export function parseLoop(stderr: Uint8Array): LoopResult {
  const match = /(\d+) (\d+)\s*$/m.exec(new TextDecoder().decode(stderr));
  if (!match) throw new Error(`Cannot read the figures of the loop: ${new TextDecoder().decode(stderr)}`);
  const [calls, ns] = [Number(match[1]), Number(match[2])];
  return { calls, ns, nsPerCall: ns / calls };
}

/** Runs a loop by itself. */
export function runBare(program: string, loop: Loop, seconds: number): LoopResult {
  const { stderr } = new Deno.Command(program, { args: [loop, String(seconds)], stderr: "piped" })
    .outputSync();
  return parseLoop(stderr);
}

/** The part of a report that the benchmark reads. */
export interface Report {
  calls: number;
  loss: { state: string; calls: number | null };
  cost: { cpu_ns: number; bpf_ns_per_call: number | null; max_rss_bytes: number };
}

/** Runs `ior trace --json` over a command and answers with its report and what the command printed on stderr. */
export function runTraced(
  directory: string,
  command: string[],
  flags: string[] = [],
): { report: Report; stderr: Uint8Array } {
  const file = `${directory}/report.json`;
  const args = [
    "run",
    "--allow-all",
    MAIN,
    "trace",
    "--json",
    "--top",
    "5",
    "-o",
    file,
    ...flags,
    "--",
    ...command,
  ];
  const { success, stderr } = new Deno.Command(Deno.execPath(), { args, stderr: "piped" }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return { report: JSON.parse(Deno.readTextFileSync(file)), stderr };
}

/** Runs a loop while ior traces another process. */
export async function runUnselected(program: string, loop: Loop, seconds: number): Promise<LoopResult> {
  const idle = new Deno.Command("sleep", { args: ["600"] }).spawn();
  const ior = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", MAIN, "trace", "-q", "-p", String(idle.pid), "-o", "/dev/null"],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await waitUntilTraced();
  const result = runBare(program, loop, seconds);
  idle.kill();
  await idle.status;
  await ior.output();
  return result;
}

/** Waits until a traced program is in the kernel: until the count of its users shows in a bare call's time. */
async function waitUntilTraced(): Promise<void> {
  // Loading takes about a tenth of a second; a second is enough also on a busy machine.
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

/** The middle of some figures. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
