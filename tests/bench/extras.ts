/** What a call pays for what a trace is asked to know of it, beside one that has a row and nothing more. */
import { buildLoops, type Loop, parseLoop, runBare, runTraced } from "./loops.ts";

/** What the others are compared with. */
const ROW = "a row alone";

const KINDS: readonly (readonly [name: string, flags: readonly string[]])[] = [
  [ROW, []],
  ["--waits", ["--waits"]],
  ["--cache", ["--cache"]],
  ["--waits --cache", ["--waits", "--cache"]],
];

const MEASURED: readonly Loop[] = ["read-write", "open-stat-read-close"];

/** Shortest added time of each option over some rounds of all in turn, and how much more that is than a row's; a line each. */
export function extrasLines(directory: string, rounds: number, seconds: number): string[] {
  const program = buildLoops(directory);
  const shortest = new Map<string, number>();
  const note = (key: string, ns: number) => shortest.set(key, Math.min(shortest.get(key) ?? Infinity, ns));
  for (let round = 0; round < rounds; round++) {
    for (const loop of MEASURED) {
      note(loop, runBare(program, loop, seconds).nsPerCall);
      for (const [name, flags] of KINDS) {
        const traced = runTraced(directory, [program, loop, String(seconds)], [...flags]);
        note(`${loop} ${name}`, parseLoop(traced.stderr).nsPerCall);
      }
    }
  }
  return KINDS.map(([name]) =>
    `  ${name}: ${
      MEASURED.map((loop) => {
        const added = (kind: string) => shortest.get(`${loop} ${kind}`)! - shortest.get(loop)!;
        return `${loop} +${added(name).toFixed(0)} ns (${
          (added(name) - added(ROW)).toFixed(0)
        } ns more than a row)`;
      }).join(", ")
    }`
  );
}
