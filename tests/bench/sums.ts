/** What a call pays as a row and as a part of a sum, on an idle machine and with a loop on every core. */
import { buildLoops, type Loop, LOOPS, median, runTraced } from "./loops.ts";

/** How calls are taken. */
const KINDS: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ["rows", []],
  ["sums", ["--sample", "FS=0"]],
];

/** Added time of the calls of some loops that run at once, for each loop and kind; a line for each loop. */
export function sumsLines(directory: string, loopsAtOnce: number, rounds: number, seconds: number): string[] {
  const program = buildLoops(directory);
  return LOOPS.map((loop) => {
    const command = loops(program, loop, loopsAtOnce, seconds);
    const bare: number[] = [];
    const taken = KINDS.map(() => ({ ns: [] as number[], lost: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      const [name, ...args] = command;
      bare.push(meanNs(new Deno.Command(name, { args, stderr: "piped" }).outputSync().stderr));
      KINDS.forEach(([, flags], kind) => {
        const { report, stderr } = runTraced(directory, command, [...flags]);
        const lost = report.loss.calls ?? NaN;
        taken[kind].ns.push(meanNs(stderr));
        taken[kind].lost.push(lost / (report.calls + lost));
      });
    }
    const base = median(bare);
    const texts = KINDS.map(([name], kind) => {
      const { ns, lost } = taken[kind];
      const share = (100 * median(lost)).toFixed(1);
      return `${name} +${(median(ns) - base).toFixed(0)} ns (${
        (median(ns) / base).toFixed(2)
      }x), ${share}% lost`;
    });
    return `  ${loop}: bare ${base.toFixed(0)} ns, ${texts.join("; ")}`;
  });
}

function loops(program: string, loop: Loop, count: number, seconds: number): string[] {
  const one = `"$0" ${loop} ${seconds}`;
  return ["sh", "-c", `${Array(count).fill(one).join(" & ")}; wait`, program];
}

/** Mean time of a call, of what all loops have printed. */
function meanNs(stderr: Uint8Array): number {
  const lines = [...new TextDecoder().decode(stderr).matchAll(/^(\d+) (\d+)$/gm)];
  if (lines.length === 0) throw new Error("Cannot read the figures of the loops");
  const [calls, ns] = [1, 2].map((at) => lines.reduce((sum, line) => sum + Number(line[at]), 0));
  return ns / calls;
}
