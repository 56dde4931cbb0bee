/** What a call pays that a filter rejects, for each kind of filter, beside one that has a row. */
import { makeGroup } from "../kernel_lib/control_groups.ts";
import { type Loop, loopCommand, parseLoops, runBare, runTraced, runUnselected } from "./loops.ts";
import { rounds } from "./rounds.ts";
import { Shortest } from "./shortest.ts";

/** What calls are compared with: one that has a row. */
const ROW = "a row, nothing rejected";

const BARE = "untraced";

/**
 * Filters that reject every call of the loops, in the order in which they are decided; `emptyGroup` is a control group
 * without processes. `null` selects another process.
 */
const kindsOf = (
  emptyGroup: string,
): readonly (readonly [name: string, flags: readonly string[] | null])[] => [
  [ROW, ["--rows"]],
  ["-p of another process", null],
  ["-e fsync", ["-e", "fsync"]],
  ["-u of another user", ["-u", "54321"]],
  ["--gid of another group", ["--gid", "54321"]],
  ["--cgroup without processes", ["--cgroup", emptyGroup]],
  ["--comm ^other$", ["--comm", "^other$"]],
  ["-P ^/wanted/", ["-P", "^/wanted/"]],
  ["--no-path ^/", ["--no-path", "^/"]],
  ["-x", ["-x"]],
  ["--errno EIO", ["--errno", "EIO"]],
  ["--slower 10s", ["--slower", "10s"]],
  ["--where, by thread and file", ["--where", "comm ~ loops and path ~ ^/wanted/ and latency < 10s"]],
  ["--where, row by row", ["--where", "fd = 9999 or path ~ ^/wanted/"]],
];

/** Loops that the cost is measured in: of many calls on two files, and of opens. */
const MEASURED: readonly Loop[] = ["read-write", "open-fstat-read-close"];

/** Seconds of a loop in a round. */
const LOOP_S = 0.3;

/** Shortest added time of each kind over rounds of all kinds in turn, and its part of a row's; a line for each kind. */
export async function rejectedLines(directory: string, program: string, seconds: number): Promise<string[]> {
  const loops = { program, cpus: 1, seconds: LOOP_S, loops: MEASURED };
  await using group = makeGroup();
  const kinds = kindsOf(group.path);
  const shortest = new Shortest();
  for (const _ of rounds(seconds)) {
    shortest.note(BARE, await runBare(loops));
    for (const [name, flags] of kinds) {
      const results = flags === null
        ? await runUnselected(loops)
        : parseLoops((await runTraced(directory, loopCommand(loops), flags)).stdout);
      shortest.note(name, results);
    }
  }
  return kinds.map(([name]) =>
    `  ${name}: ${
      MEASURED.map((loop) => {
        const bare = shortest.of(BARE, loop);
        const added = (kind: string) => shortest.of(kind, loop) - bare;
        const percent = (100 * added(name) / added(ROW)).toFixed(0);
        return `${loop} +${added(name).toFixed(0)} ns (${
          (1 + added(name) / bare).toFixed(2)
        }x, ${percent} % of a row)`;
      }).join(", ")
    }`
  );
}
