import type { Capture } from "../bpf/mod.ts";

/** Part of each second in which the kernel's statistics are on: they cost two clock reads per run of a program. */
export const SAMPLE_MS = 20;
export const SAMPLE_EVERY_MS = 1000;

/**
 * Estimates what the programs cost per call: their run time while the kernel's statistics are on, over the calls
 * recorded meanwhile. Time spent on processes that are not selected is part of it.
 */
export class CostSampler {
  readonly #capture: Pick<Capture, "sampleCost" | "cost">;
  readonly #drain: () => number;
  #on = false;
  #allowed = true;
  #nextChangeMs = 0;
  #callsBefore = 0;
  #runTimeBefore = 0;
  #calls = 0;
  #runTimeNs = 0;

  /**
   * @param capture Whose programs.
   * @param drain Empties the ring and answers with the calls made since the trace began, the lost ones too.
   */
  constructor(capture: Pick<Capture, "sampleCost" | "cost">, drain: () => number) {
    this.#capture = capture;
    this.#drain = drain;
  }

  /** Turns the statistics on or off when it is time. */
  tick(nowMs: number): void {
    if (!this.#allowed || nowMs < this.#nextChangeMs) return;
    if (this.#on) this.stop();
    else {
      this.#callsBefore = this.#drain();
      this.#runTimeBefore = this.#runTime();
      this.#on = this.#allowed = this.#capture.sampleCost(true);
    }
    this.#nextChangeMs = nowMs + (this.#on ? SAMPLE_MS : SAMPLE_EVERY_MS - SAMPLE_MS);
  }

  /** Ends a sample that is under way. */
  stop(): void {
    if (!this.#on) return;
    this.#capture.sampleCost(false);
    this.#on = false;
    this.#runTimeNs += this.#runTime() - this.#runTimeBefore;
    this.#calls += this.#drain() - this.#callsBefore;
  }

  /** Nanoseconds per recorded call; `null` when no sample has seen a call. */
  get nsPerCall(): number | null {
    return this.#calls === 0 ? null : this.#runTimeNs / this.#calls;
  }

  #runTime(): number {
    const { enter, exit } = this.#capture.cost();
    return enter.runTimeNs + exit.runTimeNs;
  }
}
