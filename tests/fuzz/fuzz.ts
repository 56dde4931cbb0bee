/** Gives a reader one input after the other, and holds it to its limits. */
import { Damage } from "../../engine/parquet/damage.ts";
import { IorError } from "../../runtime/errors.ts";
import { draws } from "./draw.ts";
import { type Input, sizeOf, type Target } from "./target.ts";

/** Times a slow input is tried: the machine does other things too. */
const TRIES = 6;

/** Longest message: a file's content does not flood the terminal. */
const MOST_MESSAGE = 1_000;

/** Sentences of the runtime, which say nothing to a user. */
const RUNTIME_WORDS =
  /Invalid time value|os error|realpath|Unexpected (token|end)|is not (iterable|a function|valid JSON)|Cannot read prop|Maximum call|Invalid array/;

/** What a run of inputs came to. */
export interface Outcome {
  inputs: number;
  /** Inputs of which something was made; the others were refused. */
  accepted: number;
  /** Longest time of one input, milliseconds. */
  slowestMs: number;
  /** The input that did not hold, `null` when all did. */
  finding: Finding | null;
}

/** An input for which a reader did not do what it must. */
export interface Finding {
  /** The seed that makes it in the first round. */
  seed: number;
  input: Input;
  /** What it did. */
  what: string;
}

/** The seed of a round: any round can be the first of another run. */
export function seedOf(seed: number, round: number): number {
  return (seed + round) >>> 0;
}

/** Runs inputs for some time, the first one at least; `begun` is told the seed of each before it is read. */
export async function fuzz(
  target: Target,
  seed: number,
  milliseconds: number,
  begun: (seed: number) => void = () => {},
): Promise<Outcome> {
  const end = performance.now() + milliseconds;
  const outcome: Outcome = { inputs: 0, accepted: 0, slowestMs: 0, finding: null };
  do {
    const inputSeed = seedOf(seed, outcome.inputs++);
    begun(inputSeed);
    const input = target.make(draws(inputSeed));
    const mostMs = target.mostMs.few + target.mostMs.perKilobyte * sizeOf(input) / 1_000;
    let result = await attempt(target, input, () => performance.now());
    for (let tries = 1; result.ms > mostMs && tries < TRIES; tries++) {
      const again = await attempt(target, input, processorMs);
      if (again.ms < result.ms) result = again;
    }
    const { ms, accepted } = result;
    const what = result.what ??
      (ms > mostMs ? `it takes ${ms.toFixed(1)} ms, ${mostMs.toFixed(1)} at most` : null);
    if (accepted) outcome.accepted++;
    outcome.slowestMs = Math.max(outcome.slowestMs, ms);
    if (what !== null) outcome.finding = { seed: inputSeed, input, what };
  } while (outcome.finding === null && performance.now() < end);
  return outcome;
}

/** Time of the processor that this thread has taken; see Documentation/scheduler/sched-stats.rst of the kernel. */
function processorMs(): number {
  return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ", 1)[0]) / 1e6;
}

async function attempt(
  target: Target,
  input: Input,
  clock: () => number,
): Promise<{ ms: number; accepted: boolean; what: string | null }> {
  const start = clock();
  let accepted = false;
  let what: string | null;
  try {
    const made = target.read(input);
    const bytes = typeof made === "number" ? made : await made;
    accepted = true;
    const most = target.mostBytes.few + target.mostBytes.perByte * sizeOf(input);
    what = bytes > most ? `${sizeOf(input)} bytes become ${bytes}, ${most} at most` : null;
  } catch (error) {
    what = faultOf(error, MOST_MESSAGE + (target.repeatsInput ? 3 * sizeOf(input) : 0));
  }
  return { ms: clock() - start, accepted, what };
}

/** What is wrong with an error, `null` when it is one that says what is wrong with the input. */
function faultOf(error: unknown, mostMessage: number): string | null {
  if (!(error instanceof IorError)) return `it throws ${Deno.inspect(error)}`;
  const { message, cause } = error;
  if (!/^[A-Z]/.test(message) || message.length > mostMessage) {
    return `its message is ${message.slice(0, 2_000)}`;
  }
  const words = RUNTIME_WORDS.exec(message);
  if (words !== null) return `its message has the runtime's "${words[0]}"`;
  return isAccident(cause) ? `an accident is behind "${message}": ${cause.stack}` : null;
}

/** True for an error that no one threw on purpose: the runtime did, because the code goes wrong. Those of a library have a code. */
function isAccident(cause: unknown): cause is Error {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof Damage || cause instanceof IorError) return isAccident(cause.cause);
  return (cause instanceof TypeError || cause instanceof RangeError || cause instanceof ReferenceError) &&
    !("code" in cause) && cause.stack !== undefined && !(cause.name === "ShapeError");
}
