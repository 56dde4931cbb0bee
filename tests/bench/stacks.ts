/** What `--stacks` adds to a call that has a row, by the number of frames: both in one round, and the shortest of rounds. */
import { parseLoop, runTraced } from "./loops.ts";

const SOURCE = new URL("./deep.c", import.meta.url).pathname;

/** Functions below which the calls are made, besides those of the C library. */
const FRAMES: readonly number[] = [1, 10, 30];

/** A line for each number of frames. */
export function stacksLines(directory: string, rounds: number, seconds: number): string[] {
  const program = `${directory}/deep`;
  const build = ["-O2", "-fno-omit-frame-pointer", "-o", program, SOURCE];
  const { success, stderr } = new Deno.Command("gcc", { args: build }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return FRAMES.map((frames) => {
    const command = [program, String(frames), String(seconds)];
    const [bare, rows, stacks] = [[] as number[], [] as number[], [] as number[]];
    for (let round = 0; round < rounds; round++) {
      const { stderr } = new Deno.Command(command[0], { args: command.slice(1) }).outputSync();
      bare.push(parseLoop(stderr).nsPerCall);
      rows.push(parseLoop(runTraced(directory, command, ["--rows"]).stderr).nsPerCall);
      stacks.push(parseLoop(runTraced(directory, command, ["--stacks"]).stderr).nsPerCall);
    }
    const [base, row, stack] = [bare, rows, stacks].map((figures) => Math.min(...figures));
    return `  ${frames} functions: a row +${(row - base).toFixed(0)} ns, with its stack +${
      (stack - base).toFixed(0)
    } ns (${((stack - base) / (row - base)).toFixed(2)}x of a row)`;
  });
}

if (import.meta.main) {
  const directory = Deno.makeTempDirSync({ prefix: "ior-bench-" });
  console.log(stacksLines(directory, 5, 1).join("\n"));
  Deno.removeSync(directory, { recursive: true });
}
