/** The highest rate that ior takes in, with its tables: how much of it is lost, what it costs, and peak memory. */
import { loopCommand, type LoopRun, runTraced } from "./loops.ts";

/** A line for one loop, and one for a loop on each core. */
export async function sustainedLines(directory: string, program: string, seconds: number): Promise<string[]> {
  const lines: string[] = [];
  for (const cpus of new Set([1, navigator.hardwareConcurrency])) {
    for (const way of ["--no-rows", "--rows"]) {
      const loops: LoopRun = { program, cpus, seconds, loops: ["read-write"] };
      const { report: { calls, loss, cost } } = await runTraced(directory, loopCommand(loops), [way]);
      const all = calls + (loss.calls ?? 0);
      lines.push(
        `  ${cpus} loop${cpus === 1 ? "" : "s"}, ${way}: ${
          (calls / seconds / 1e6).toFixed(2)
        } million calls/s, ` +
          `lost ${loss.calls ?? "unknown"} of ${all}; ior's CPU ${
            (cost.cpu_ns / calls).toFixed(0)
          } ns a call, ` +
          `${(cost.max_rss_bytes / 1048576).toFixed(0)} MiB (budget 160 MB)`,
      );
    }
  }
  return lines;
}
