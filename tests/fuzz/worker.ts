/** Runs a target in a thread of its own: one that never ends can be stopped. */
/// <reference lib="deno.worker" />
import type { TargetName } from "./targets.ts";

/** What the worker is asked. */
export interface Order {
  name: TargetName;
  seed: number;
  milliseconds: number;
  /** Where it says which input it reads: how many there were, and the seed. */
  state: Uint32Array<SharedArrayBuffer>;
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  const { name, seed, milliseconds, state } = data;
  // Targets wait for files while they load, and an order that comes meanwhile would find no one.
  const { fuzz } = await import("./fuzz.ts");
  const { targetNamed } = await import("./targets.ts");
  const outcome = await fuzz(targetNamed(name), seed, milliseconds, (inputSeed) => {
    state[1] = inputSeed;
    state[0]++;
  });
  self.postMessage(outcome);
};
