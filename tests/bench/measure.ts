/** What tracers add to the calls of loops: bare and traced rounds in turn, and the middle of each. */
import {
  type Loop,
  loopCommand,
  type LoopResults,
  type LoopRun,
  median,
  parseLoops,
  runBare,
} from "./loops.ts";
import { rounds } from "./rounds.ts";
import { attach, run } from "./run.ts";
import type { Tracer } from "./tracers.ts";

/** Seconds of each loop before those that are measured: what runs for long is not measured while it is being compiled. */
const WARM_UP_S = 0.8;

/** Nanoseconds per call, by loop. */
export type Nanoseconds = ReadonlyMap<Loop, number>;

/** What came of one tracer. */
export type Outcome =
  | { kind: "missing"; debian: string }
  | { kind: "failed"; reasons: readonly string[] }
  | {
    kind: "measured";
    ns: Nanoseconds;
    /** Calls that the loops made while it traced, and those of all processes that it reported. */
    made: number;
    seen: number;
    /** Calls that it said it lost; `null` when it does not say. */
    lost: number | null;
    /** Why rounds failed that are not among those measured. */
    reasons: readonly string[];
  };

/** What came of all. */
export interface Measured {
  rounds: number;
  bare: Nanoseconds;
  tracers: readonly { name: string; outcome: Outcome }[];
}

/** Runs the loops bare and beside each tracer in turn, for about so many seconds and three rounds at least. */
export async function measure(
  tracers: readonly Tracer[],
  loops: LoopRun,
  seconds: number,
): Promise<Measured> {
  const bare = new Samples();
  const trials = tracers.map((tracer) => new Trial(tracer, loops));
  let count = 0;
  for (const _ of rounds(seconds)) {
    bare.add(await runBare(loops));
    for (const trial of trials) await trial.round();
    count++;
  }
  return {
    rounds: count,
    bare: bare.medians(),
    tracers: trials.map((trial) => ({ name: trial.tracer.name, outcome: trial.outcome() })),
  };
}

/** Nanoseconds per call of some rounds. */
class Samples {
  readonly #ns = new Map<Loop, number[]>();

  add(results: LoopResults): void {
    for (const [loop, { nsPerCall }] of results) {
      this.#ns.set(loop, [...this.#ns.get(loop) ?? [], nsPerCall]);
    }
  }

  medians(): Nanoseconds {
    return new Map(Array.from(this.#ns, ([loop, ns]) => [loop, median(ns)]));
  }
}

/** The rounds of one tracer. */
class Trial {
  readonly #samples = new Samples();
  readonly #loops: LoopRun;
  readonly #command: readonly string[] | null;
  readonly #reasons: string[] = [];
  #made = 0;
  #seen = 0;
  #lost: number | null = 0;

  constructor(readonly tracer: Tracer, loops: LoopRun) {
    this.#loops = loops;
    this.#command = tracer.debian === null ? tracer.command : foundCommand(tracer.command);
  }

  /** One round; a tracer that failed before it was measured is not tried again. */
  async round(): Promise<void> {
    if (this.#command === null || (this.#made === 0 && this.#reasons.length > 0)) return;
    try {
      const { results, printed } = this.tracer.starts
        ? await startLoops(this.#command, this.#loops)
        : await attachToLoops(this.#command, this.#loops);
      const { calls, lost } = this.tracer.seen(printed);
      this.#samples.add(results);
      for (const { calls } of results.values()) this.#made += calls;
      this.#seen += calls;
      this.#lost = lost === null || this.#lost === null ? null : this.#lost + lost;
    } catch (error) {
      this.#reasons.push((error as Error).message);
    }
  }

  outcome(): Outcome {
    const { debian } = this.tracer;
    if (debian !== null && this.#command === null) return { kind: "missing", debian };
    const reasons = this.#reasons;
    if (this.#made === 0) return { kind: "failed", reasons };
    const ns = this.#samples.medians();
    return { kind: "measured", ns, made: this.#made, seen: this.#seen, lost: this.#lost, reasons };
  }
}

async function startLoops(command: readonly string[], loops: LoopRun) {
  const printed = await run([...command, ...loopCommand(loops)]);
  return { results: parseLoops(printed.stdout), printed };
}

async function attachToLoops(command: readonly string[], loops: LoopRun) {
  const tracer = await attach(command);
  // What it does for each call is compiled, or read into the processor's caches, when it has done it often.
  await runBare({ ...loops, seconds: WARM_UP_S });
  const results = await runBare(loops);
  return { results, printed: await tracer.stop() };
}

/** The command of a program that is installed, also where root's tools are and no user's `PATH` leads; else `null`. */
function foundCommand([name, ...args]: readonly string[]): string[] | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"];
  const path = folders.map((folder) => `${folder}/${name}`).find(isFile);
  return path === undefined ? null : withTracefs([path, ...args]);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * Many tracers look for tracefs in one of two places, and not every machine has it in both. The mounts are those of a
 * namespace of its own, so nothing of them stays.
 */
function withTracefs(command: readonly string[]): string[] {
  const mount = "mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing; " +
    'mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug; exec "$0" "$@"';
  return ["unshare", "--mount", "sh", "-c", mount, ...command];
}
