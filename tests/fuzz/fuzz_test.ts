/**
 * Every reader of what others made, fed with damage of all sorts: it gives a value or an `IorError`, in time, and no more
 * memory than its input accounts for. `IOR_SEED=N` begins with that input; `IOR_NIGHTLY=1` takes fifteen times as long.
 */
import assert from "node:assert/strict";
import { testSeed } from "../engine/batches.ts";
import { waitFor } from "../wait.ts";
import { draws } from "./draw.ts";
import type { Finding, Outcome } from "./fuzz.ts";
import type { Input } from "./target.ts";
import { type TargetName, targetNamed, TARGETS } from "./targets.ts";
import type { Order } from "./worker.ts";

/** Longest time without a new input: beyond any limit of a target, on a busy machine too. */
const STUCK_MS = 60_000;

const TIMES = Deno.env.get("IOR_NIGHTLY") === "1" ? 15 : 1;

for (const name of Object.keys(TARGETS) as TargetName[]) {
  Deno.test(`Whatever ${name} holds is read or refused, in time`, async () => {
    const seed = testSeed();
    const { inputs, accepted, slowestMs, finding } = await run(name, seed);
    console.log(
      `${name}: ${inputs} inputs, ${accepted} accepted, slowest ${slowestMs.toFixed(1)} ms`,
    );
    if (finding !== null) {
      const path = save(name, finding);
      assert.fail(`IOR_SEED=${finding.seed}, ${path}: ${finding.what}`);
    }
    // A target that accepts or refuses everything is no test of what it must do.
    if (inputs > 200) {
      assert.ok(
        accepted > 0 && (accepted < inputs || name === "a text of the system"),
        `${accepted} of ${inputs}`,
      );
    }
  });
}

async function run(name: TargetName, seed: number): Promise<Outcome> {
  const target = targetNamed(name);
  const milliseconds = 1_000 * TIMES * target.seconds;
  const state = new Uint32Array(new SharedArrayBuffer(8));
  const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
  let outcome: Outcome | null = null;
  let failure: Error | null = null;
  worker.onmessage = ({ data }: MessageEvent<Outcome>) => outcome = data;
  worker.onerror = (event) => {
    event.preventDefault();
    failure = new Error(`The worker ends, IOR_SEED=${state[1]}: ${event.message}`);
  };
  let inputs = 0;
  let since = performance.now();
  const ended = (): Outcome | null => {
    if (failure !== null) throw failure;
    if (outcome !== null) return outcome;
    const now = performance.now();
    if (state[0] !== inputs) [inputs, since] = [state[0], now];
    if (now - since < STUCK_MS) return null;
    const finding = { seed: state[1], input: target.make(draws(state[1])), what: "it does not end" };
    return { inputs, accepted: 0, slowestMs: now - since, finding };
  };
  try {
    worker.postMessage({ name, seed, milliseconds, state } satisfies Order);
    return await waitFor(ended, { timeoutMs: milliseconds + 2 * STUCK_MS, what: name });
  } finally {
    worker.terminate();
  }
}

/** Keeps an input that did not hold; gives the name of its file. */
function save(name: TargetName, { seed, input }: Finding): string {
  const folder = Deno.env.get("IOR_TEST_OUTPUT") ?? Deno.makeTempDirSync({ prefix: "ior-fuzz-" });
  Deno.mkdirSync(folder, { recursive: true });
  const path = `${folder}/fuzz-${name.replaceAll(" ", "-")}-${seed}`;
  Deno.writeFileSync(path, bytesOf(input));
  return path;
}

function bytesOf(input: Input): Uint8Array {
  if (input instanceof Uint8Array) return input;
  return new TextEncoder().encode(typeof input === "string" ? input : JSON.stringify(input));
}
