/** What a call pays for what a trace is asked to know of it, beside one that has a row and nothing more. */
import { type Loop, loopCommand, parseLoops, runBare, runTraced } from "./loops.ts";
import { rounds } from "./rounds.ts";
import { Shortest } from "./shortest.ts";

/** What the others are compared with. */
const ROW = "a row alone";

const KINDS: readonly (readonly [name: string, flags: readonly string[]])[] = [
  [ROW, []],
  ["--waits", ["--waits"]],
  ["--cache", ["--cache"]],
  ["--waits --cache", ["--waits", "--cache"]],
];

const BARE = "untraced";

const MEASURED: readonly Loop[] = ["read-write", "open-fstat-read-close"];

/** Seconds of a loop in a round. */
const LOOP_S = 0.3;

/** Shortest added time of each option over rounds of all in turn, and how much more that is than a row's; a line each. */
export async function extrasLines(directory: string, program: string, seconds: number): Promise<string[]> {
  const loops = { program, cpus: 1, seconds: LOOP_S, loops: MEASURED };
  const shortest = new Shortest();
  for (const _ of rounds(seconds)) {
    shortest.note(BARE, await runBare(loops));
    for (const [name, flags] of KINDS) {
      const { stdout } = await runTraced(directory, loopCommand(loops), ["--rows", ...flags]);
      shortest.note(name, parseLoops(stdout));
    }
  }
  return KINDS.map(([name]) =>
    `  ${name}: ${
      MEASURED.map((loop) => {
        const added = (kind: string) => shortest.of(kind, loop) - shortest.of(BARE, loop);
        return `${loop} +${added(name).toFixed(0)} ns (${
          (added(name) - added(ROW)).toFixed(0)
        } ns more than a row)`;
      }).join(", ")
    }`
  );
}
