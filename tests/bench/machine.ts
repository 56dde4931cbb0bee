/** Where and when something was measured. */
import { run } from "./run.ts";

/** One line: date, commit, kernel, processor and how busy the machine was. */
export async function machineLine(): Promise<string> {
  const commit = (await run(["git", "rev-parse", "--short", "HEAD"])).stdout.trim();
  const processor = /^model name\s*: (.*)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1] ??
    Deno.build.arch;
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, commit ${commit}, Linux ${Deno.osRelease()}, ${navigator.hardwareConcurrency} × ${processor}, ` +
    `load average ${Deno.loadavg()[0].toFixed(1)} before it`;
}
