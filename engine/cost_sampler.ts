import type { Capture } from "../bpf/mod.ts";

/** Part of each second in which the kernel's statistics are on: they cost two clock reads per run of a program. */
export const SAMPLE_MS = 20;
export const SAMPLE_EVERY_MS = 1000;

/** Fewer runs than this are no measure: the first ones find their memory cold. */
export const MIN_RUNS = 100;

/**
 * Measures what a run of the enter and exit programs takes: their time over their runs, both as the kernel counts them while
 * its statistics are on. They run for every process of the machine, selected or not, so a run is the only thing that the
 * time can be divided by.
 */
export class CostSampler {
  readonly #capture: Pick<Capture, "sampleCost" | "cost">;
  #on = false;
  #allowed = true;
  #nextChangeMs = 0;

  /** `capture` says whose programs. */
  constructor(capture: Pick<Capture, "sampleCost" | "cost">) {
    this.#capture = capture;
  }

  /** Turns the statistics on or off when it is time. */
  tick(nowMs: number): void {
    if (!this.#allowed || nowMs < this.#nextChangeMs) return;
    if (this.#on) this.stop();
    else this.#on = this.#allowed = this.#capture.sampleCost(true);
    this.#nextChangeMs = nowMs + (this.#on ? SAMPLE_MS : SAMPLE_EVERY_MS - SAMPLE_MS);
  }

  /** Ends a sample that is under way. */
  stop(): void {
    if (!this.#on) return;
    this.#capture.sampleCost(false);
    this.#on = false;
  }

  /** Nanoseconds a run took so far; `null` when too few runs were seen. */
  get nsPerRun(): number | null {
    const { enter, exit } = this.#capture.cost();
    const runs = enter.runCount + exit.runCount;
    return runs < MIN_RUNS ? null : (enter.runTimeNs + exit.runTimeNs) / runs;
  }
}
