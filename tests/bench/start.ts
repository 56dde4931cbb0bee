/** How long it takes from the start of ior to the first call that it sees, and to its end. */
import { median } from "./loops.ts";
import { rounds } from "./rounds.ts";
import { run } from "./run.ts";

/** What users start. */
const LAUNCHER = new URL("../../ior", import.meta.url).pathname;

/** One line, beside an empty script in the same rounds. */
export async function startLines(directory: string, seconds: number): Promise<string[]> {
  const rows = `${directory}/rows.ndjson`;
  const empty = `${directory}/empty.ts`;
  Deno.writeTextFileSync(empty, "");
  const command = [LAUNCHER, "stream", "--format", "ndjson", "-o", rows, "--", "true"];
  // The first start makes what later ones find.
  await run(command);
  const [first, whole, bare] = [[] as number[], [] as number[], [] as number[]];
  for (const _ of rounds(seconds, 3, 15)) {
    bare.push(await elapsedMs([Deno.execPath(), "run", empty]));
    const begin = Date.now();
    whole.push(await elapsedMs(command));
    // The line before the first row is the header.
    const row = JSON.parse(Deno.readTextFileSync(rows).split("\n")[1]);
    first.push(new Date(row.time).getTime() - begin);
  }
  const [firstMs, wholeMs, bareMs] = [first, whole, bare].map(median);
  const text = (ms: number) => `${ms.toFixed(0)} ms (${(ms / bareMs).toFixed(1)}x`;
  return [
    `  empty script ${bareMs.toFixed(0)} ms; first call seen after ${text(firstMs)}, budget 120 ms, 4.0x), ` +
    `\`ior stream -- true\` in all ${text(wholeMs)}, budget 200 ms, 6.7x)`,
  ];
}

async function elapsedMs(command: readonly string[]): Promise<number> {
  const begin = performance.now();
  await run(command);
  return performance.now() - begin;
}
