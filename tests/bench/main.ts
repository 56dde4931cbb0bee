/**
 * `deno task bench [PART…]`: what tracing costs, as ratios against untraced runs of the same loops in the same minutes,
 * beside the budgets. README.md of this folder says which parts there are. Needs root and gcc.
 */
import { buildLoops } from "./loops.ts";
import { machineLine } from "./machine.ts";
import { chooseParts, type Part } from "./parts.ts";

/** The parts of the command line; ends the process when there is none of a name. */
function readArguments(): Part[] {
  try {
    return chooseParts(Deno.args);
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(2);
  }
}

function minutes(seconds: number): string {
  return seconds < 100 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
}

const parts = readArguments();
console.log(`ior bench: ${await machineLine()}`);
const about = parts.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`about ${minutes(about)} on an idle machine, several times as long on a busy one`);
const directory = Deno.makeTempDirSync({ prefix: "ior-bench-" });
try {
  const program = await buildLoops(directory);
  for (const { title, seconds, lines } of parts) {
    console.log(`\n${title}`);
    const begin = performance.now();
    try {
      for (const line of await lines({ directory, program, seconds })) console.log(line);
    } catch (error) {
      // The other parts are worth their time without this one.
      console.log(`  failed: ${(error as Error).message}`);
      Deno.exitCode = 1;
    }
    console.log(`  (${minutes((performance.now() - begin) / 1000)})`);
  }
} finally {
  Deno.removeSync(directory, { recursive: true });
}
