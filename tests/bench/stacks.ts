/** What `--stacks` adds to a call that has a row, by the number of frames: both in one round, and the shortest of rounds. */
import { parseLoops, runTraced } from "./loops.ts";
import { rounds } from "./rounds.ts";
import { run } from "./run.ts";

const SOURCE = new URL("./deep.c", import.meta.url).pathname;

/** Functions below which the calls are made, besides those of the C library. */
const FRAMES: readonly number[] = [1, 10, 30];

/** Seconds of the loop in a round. */
const LOOP_S = 0.3;

/** A line for each number of frames. */
export async function stacksLines(directory: string, seconds: number): Promise<string[]> {
  const program = `${directory}/deep`;
  await run(["gcc", "-O2", "-fno-omit-frame-pointer", "-o", program, SOURCE]);
  const lines: string[] = [];
  for (const frames of FRAMES) {
    const command = [program, String(frames), String(LOOP_S)];
    const [bare, row, stack] = [[] as number[], [] as number[], [] as number[]];
    const nsPerCall = (stdout: string) => parseLoops(stdout).get("read-write")!.nsPerCall;
    for (const _ of rounds(seconds / FRAMES.length)) {
      bare.push(nsPerCall((await run(command)).stdout));
      row.push(nsPerCall((await runTraced(directory, command, ["--rows"])).stdout));
      stack.push(nsPerCall((await runTraced(directory, command, ["--stacks"])).stdout));
    }
    const [rowNs, stackNs] = [row, stack].map((figures) => Math.min(...figures) - Math.min(...bare));
    lines.push(
      `  ${frames} functions: a row +${rowNs.toFixed(0)} ns, with its stack +${stackNs.toFixed(0)} ns (${
        (stackNs / rowNs).toFixed(2)
      }x of a row)`,
    );
  }
  return lines;
}
