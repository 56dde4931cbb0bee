/** What a call pays that a filter rejects, for each kind of filter, beside one that has a row. */
import { buildLoops, type Loop, parseLoop, runBare, runTraced, runUnselected } from "./loops.ts";

/** Filters that reject every call of the loops, by where they are decided. `null` selects another process. */
const KINDS: readonly (readonly [name: string, flags: readonly string[] | null])[] = [
  ["a row, nothing rejected", []],
  ["-p of another process", null],
  ["-e fsync", ["-e", "fsync"]],
  ["-u of another user", ["-u", "54321"]],
  ["--comm ^other$", ["--comm", "^other$"]],
  ["-x", ["-x"]],
  ["--slower 10s", ["--slower", "10s"]],
  ["-P ^/wanted/", ["-P", "^/wanted/"]],
  ["--where, by thread and file", ["--where", "comm ~ loops and path ~ ^/wanted/ and latency < 10s"]],
  ["--where, row by row", ["--where", "fd = 9999 or path ~ ^/wanted/"]],
];

/** Loops that the cost is measured in: of many calls on two files, and of opens. */
const MEASURED: readonly Loop[] = ["read-write", "open-stat-read-close"];

/** Shortest added time of each kind over some rounds of all kinds in turn; a line for each kind. */
export async function rejectedLines(directory: string, rounds: number, seconds: number): Promise<string[]> {
  const program = buildLoops(directory);
  const shortest = new Map<string, number>();
  const note = (key: string, ns: number) => shortest.set(key, Math.min(shortest.get(key) ?? Infinity, ns));
  for (let round = 0; round < rounds; round++) {
    for (const loop of MEASURED) {
      note(loop, runBare(program, loop, seconds).nsPerCall);
      for (const [name, flags] of KINDS) {
        const { nsPerCall } = flags === null
          ? await runUnselected(program, loop, seconds)
          : parseLoop(runTraced(directory, [program, loop, String(seconds)], [...flags]).stderr);
        note(`${loop} ${name}`, nsPerCall);
      }
    }
  }
  return KINDS.map(([name]) =>
    `  ${name}: ${
      MEASURED.map((loop) => {
        const bare = shortest.get(loop)!;
        const ns = shortest.get(`${loop} ${name}`)!;
        return `${loop} +${(ns - bare).toFixed(0)} ns (${(ns / bare).toFixed(2)}x)`;
      }).join(", ")
    }`
  );
}
