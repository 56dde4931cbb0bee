import type { Capture } from "../bpf/mod.ts";

/** Part of each second in which the kernel's statistics are on: they cost two clock reads per run of a program. */
export const SAMPLE_MS = 20;
export const SAMPLE_EVERY_MS = 1000;

/** Fewer runs than this are not representative: the first ones find their memory cold. */
export const MIN_RUNS = 100;

/**
 * Measures the mean run time of the enter and exit programs: their time divided by their runs, as counted by the kernel
 * while its statistics are on. They run for every process of the machine, selected or not, so the time cannot be divided
 * by calls.
 */
export class CostSampler {
  readonly #capture: Pick<Capture, "sampleCost" | "cost">;
  #on = false;
  #allowed = true;
  #nextChangeMs = 0;

  /** `capture` owns the programs. */
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

  /** Ends a sample in progress. */
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
