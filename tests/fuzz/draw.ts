/** Random draws, the same for the same seed. */
import { random } from "../engine/batches.ts";

/** What an input is drawn with. */
export interface Draw {
  /** A number from 0 up to 1, which is left out. */
  next(): number;
  /** A whole number from 0 up to `limit`, which is left out. */
  whole(limit: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  /** One of the values. */
  pick<Value>(values: readonly Value[]): Value;
}

/** Draws of a seed. */
export function draws(seed: number): Draw {
  const next = random(seed);
  const whole = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    whole,
    oneIn: (n) => whole(n) === 0,
    pick: (values) => values[whole(values.length)],
  };
}
