import type { Loop, LoopResults } from "./loops.ts";

/** Shortest nanoseconds per call of all rounds, by the kind of a run and loop: what is added to a call is never less. */
export class Shortest {
  readonly #ns = new Map<string, number>();

  note(kind: string, results: LoopResults): void {
    for (const [loop, { nsPerCall }] of results) {
      const key = `${kind} ${loop}`;
      this.#ns.set(key, Math.min(this.#ns.get(key) ?? Infinity, nsPerCall));
    }
  }

  of(kind: string, loop: Loop): number {
    return this.#ns.get(`${kind} ${loop}`)!;
  }
}
