import type { Capture } from "../bpf/mod.ts";

/** Length of a slice of time in which the kernel's statistics are on: they cost two clock reads per run of a program. */
export const SAMPLE_MS = 20;

/**
 * Time from a slice to the next one: it doubles from the first to the last. Each change of the statistics rewrites code of
 * the kernel on all CPUs (`static_key_slow_inc`, kernel/jump_label.c), which takes 10 to 30 ms here: once a second, that
 * alone was 3% of a core. The end of a slice keeps nobody waiting: another thread turns them off.
 */
export const FIRST_PAUSE_MS = 1000;
export const LAST_PAUSE_MS = 64_000;

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
  #pauseMs = FIRST_PAUSE_MS;

  /** `capture` owns the programs. */
  constructor(capture: Pick<Capture, "sampleCost" | "cost">) {
    this.#capture = capture;
  }

  /** Turns the statistics on or off when it is time. */
  tick(nowMs: number): void {
    if (!this.#allowed || nowMs < this.#nextChangeMs) return;
    if (!this.#on) {
      this.#on = this.#allowed = this.#capture.sampleCost(true);
      this.#nextChangeMs = nowMs + SAMPLE_MS;
      return;
    }
    this.stop();
    this.#nextChangeMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LAST_PAUSE_MS);
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
