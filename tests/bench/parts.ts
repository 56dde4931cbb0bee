/** What the benchmark measures, part by part. */
import { extrasLines } from "./extras.ts";
import { measureSnapshots, snapshotLine } from "./flame.ts";
import { liveLines } from "./live.ts";
import { peersLines } from "./peers.ts";
import { readerLines } from "./reader.ts";
import { recordingBenchLines, runRecordingBench } from "./recording.ts";
import { rejectedLines } from "./rejected.ts";
import { ringLockLines } from "./ring_lock.ts";
import { rowsBenchLines, runRowsBench } from "./rows.ts";
import { stacksLines } from "./stacks.ts";
import { startLines } from "./start.ts";
import { sustainedLines } from "./sustained.ts";
import { tracingLines } from "./tracing.ts";
import { userSideLines } from "./user_side.ts";

/** A part, by itself. */
export interface Part {
  name: string;
  title: string;
  /** About what it takes on a machine that has nothing else to do; with rounds, what they are given. */
  seconds: number;
  /** Only measured when it is named. */
  isExtra?: true;
  lines(bench: Bench): Promise<string[]> | string[];
}

/** What parts work with. */
export interface Bench {
  /** A directory that is removed at the end. */
  directory: string;
  /** The loop program. */
  program: string;
  /** {@linkcode Part.seconds}. */
  seconds: number;
}

/** All of them, in the order in which they run. */
export const PARTS: readonly Part[] = [
  {
    name: "quiet",
    title: "a traced call, one loop (medians; untraced = 1.00x)",
    seconds: 30,
    lines: ({ program, seconds }) => tracingLines(program, "quiet", seconds),
  },
  {
    name: "busy",
    title: "a traced call, a loop on each core (medians; untraced = 1.00x)",
    seconds: 30,
    lines: ({ program, seconds }) => tracingLines(program, "busy", seconds),
  },
  {
    name: "rejected",
    title: "added to a call that a filter rejects (shortest of rounds; untraced = 1.00x)",
    seconds: 60,
    lines: ({ directory, program, seconds }) => rejectedLines(directory, program, seconds),
  },
  {
    name: "extras",
    title: "added to a call for what a trace is asked to know of it (shortest of rounds)",
    seconds: 20,
    lines: ({ directory, program, seconds }) => extrasLines(directory, program, seconds),
  },
  {
    name: "stacks",
    title: "added to a call as a row, and as a row with its stack (shortest of rounds)",
    seconds: 20,
    lines: ({ directory, seconds }) => stacksLines(directory, seconds),
  },
  {
    name: "user",
    title: "user side of a row, with the compiler warm (an untraced read or write = 1.00x)",
    seconds: 20,
    lines: async ({ program }) => [...await userSideLines(program), snapshotLine(measureSnapshots())],
  },
  {
    name: "reader",
    title: "at the rates of large machines: reader and decoder on a ring of 16 MiB, and the lock of a ring",
    seconds: 20,
    lines: ({ directory }) => [...readerLines(1), ...ringLockLines(directory, 5, 0.3)],
  },
  {
    name: "rows",
    title: "rows as text",
    seconds: 40,
    lines: () => rowsBenchLines(runRowsBench(), 1_000_000),
  },
  {
    name: "recording",
    title: "recording, and reading it back",
    seconds: 60,
    lines: async () => recordingBenchLines(await runRecordingBench(), 500_000),
  },
  {
    name: "live",
    title: "rows of a running trace to a file",
    seconds: 40,
    lines: ({ directory, program }) => liveLines(directory, program, 2),
  },
  {
    name: "sustained",
    title: "calls of loops without a pause, with the tables of a report",
    seconds: 30,
    lines: ({ directory, program }) => sustainedLines(directory, program, 5),
  },
  {
    name: "start",
    title: "start of ior",
    seconds: 10,
    lines: ({ directory, seconds }) => startLines(directory, seconds),
  },
  {
    name: "peers",
    title: "ior beside other tracers (untraced = 1.00x)",
    seconds: 420,
    isExtra: true,
    lines: ({ program, seconds }) => peersLines(program, seconds),
  },
];

/**
 * The parts of these names, in their order, or without names all that are not extra.
 *
 * @throws {Error} That says which parts there are, when there is none of a name.
 */
export function chooseParts(names: readonly string[]): Part[] {
  const unknown = names.find((name) => !PARTS.some((part) => part.name === name));
  if (unknown !== undefined) {
    throw new Error(`Unknown part ${unknown}; there are ${PARTS.map(({ name }) => name).join(", ")}`);
  }
  return PARTS.filter(({ name, isExtra }) => names.length > 0 ? names.includes(name) : !isExtra);
}
