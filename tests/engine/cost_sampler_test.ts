import assert from "node:assert/strict";
import {
  CostSampler,
  FIRST_PAUSE_MS,
  LAST_PAUSE_MS,
  MIN_RUNS,
  SAMPLE_MS,
} from "../../engine/cost_sampler.ts";

/** A capture whose programs' runs are counted only while the statistics are on. */
class FakeCapture {
  on = false;
  readonly log: string[] = [];
  #runs = 0;
  #ns = 0;

  /** False when the kernel refuses its statistics. */
  allowed = true;

  sampleCost(on: boolean): boolean {
    this.log.push(on ? "on" : "off");
    this.on = on && this.allowed;
    return this.allowed;
  }

  cost() {
    return {
      enter: { runTimeNs: 0.75 * this.#ns, runCount: this.#runs / 2 },
      exit: { runTimeNs: 0.25 * this.#ns, runCount: this.#runs / 2 },
    };
  }

  runs(count: number, ns = 200): void {
    if (!this.on) return;
    this.#runs += count;
    this.#ns += count * ns;
  }
}

Deno.test("the statistics are on for short slices, further and further apart", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture);
  const slices: number[] = [];
  for (let ms = 0, was = false; ms < 5 * LAST_PAUSE_MS; ms += SAMPLE_MS / 2) {
    sampler.tick(ms);
    if (capture.on && !was) slices.push(ms);
    if (!capture.on && was) assert.equal(ms - slices.at(-1)!, SAMPLE_MS);
    was = capture.on;
  }
  const pauses = slices.slice(1).map((ms, i) => ms - slices[i] - SAMPLE_MS);
  assert.deepEqual(pauses.slice(0, 3), [FIRST_PAUSE_MS, 2 * FIRST_PAUSE_MS, 4 * FIRST_PAUSE_MS]);
  assert.deepEqual(pauses.slice(-2), [LAST_PAUSE_MS, LAST_PAUSE_MS]);
});

Deno.test("the cost is the time of both programs over their runs while it was measured", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture);
  capture.runs(1_000_000);
  sampler.tick(0);
  capture.runs(500, 200);
  sampler.tick(SAMPLE_MS);
  capture.runs(1_000_000);
  sampler.tick(SAMPLE_MS + FIRST_PAUSE_MS);
  capture.runs(1_500, 400);
  sampler.tick(FIRST_PAUSE_MS + 2 * SAMPLE_MS);
  assert.equal(sampler.nsPerRun, (500 * 200 + 1_500 * 400) / 2_000);
});

Deno.test("with too few runs there is no figure", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture);
  assert.equal(sampler.nsPerRun, null);
  sampler.tick(0);
  capture.runs(MIN_RUNS - 2);
  assert.equal(sampler.nsPerRun, null);
  capture.runs(2);
  assert.equal(sampler.nsPerRun, 200);
});

Deno.test("the end of the trace ends a slice under way", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture);
  sampler.tick(0);
  sampler.stop();
  assert.equal(capture.on, false);
  sampler.stop();
  assert.deepEqual(capture.log, ["on", "off"]);
});

Deno.test("a tick that comes late turns the statistics off, and the next slice waits its time", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture);
  sampler.tick(0);
  sampler.tick(700);
  assert.equal(capture.on, false);
  sampler.tick(700 + FIRST_PAUSE_MS - 1);
  assert.equal(capture.on, false);
  sampler.tick(700 + FIRST_PAUSE_MS);
  assert.equal(capture.on, true);
});

Deno.test("a kernel that refuses its statistics is asked once, and there is no figure", () => {
  const capture = new FakeCapture();
  capture.allowed = false;
  const sampler = new CostSampler(capture);
  for (let ms = 0; ms < 3000; ms += 10) {
    capture.runs(1_000);
    sampler.tick(ms);
  }
  sampler.stop();
  assert.deepEqual(capture.log, ["on"]);
  assert.equal(sampler.nsPerRun, null);
});
