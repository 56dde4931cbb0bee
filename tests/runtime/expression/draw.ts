import { random, testSeed } from "../../engine/batches.ts";

/** Random draws from the seed of this test run. */
export function draws() {
  const next = random(testSeed());
  const whole = (limit: number) => Math.floor(next() * limit);
  return { next, whole, pick: <Value>(values: readonly Value[]): Value => values[whole(values.length)] };
}
