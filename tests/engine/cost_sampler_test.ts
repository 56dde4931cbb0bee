import assert from "node:assert/strict";
import { CostSampler, SAMPLE_EVERY_MS, SAMPLE_MS } from "../../engine/cost_sampler.ts";

/** A capture whose programs take 200 ns per call, counted only while the statistics are on. */
class FakeCapture {
  on = false;
  readonly log: string[] = [];
  #enterNs = 0;
  #exitNs = 0;
  #waiting = 0;
  #drained = 0;

  /** False when the kernel refuses its statistics. */
  allowed = true;

  sampleCost(on: boolean): boolean {
    this.log.push(on ? "on" : "off");
    this.on = on && this.allowed;
    return this.allowed;
  }

  cost() {
    return {
      enter: { runTimeNs: this.#enterNs, runCount: 0 },
      exit: { runTimeNs: this.#exitNs, runCount: 0 },
    };
  }

  calls(count: number, nsPerCall = 200): void {
    this.#waiting += count;
    if (!this.on) return;
    this.#enterNs += 0.75 * count * nsPerCall;
    this.#exitNs += 0.25 * count * nsPerCall;
  }

  readonly drain = (): number => {
    this.#drained += this.#waiting;
    this.#waiting = 0;
    return this.#drained;
  };
}

Deno.test("the statistics are on for a short slice of each second", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture, capture.drain);
  const changes: [number, boolean][] = [];
  let was = false;
  for (let ms = 0; ms < 2500; ms++) {
    sampler.tick(5000 + ms);
    if (capture.on !== was) changes.push([ms, was = capture.on]);
  }
  assert.deepEqual(changes, [
    [0, true],
    [SAMPLE_MS, false],
    [SAMPLE_EVERY_MS, true],
    [SAMPLE_EVERY_MS + SAMPLE_MS, false],
    [2 * SAMPLE_EVERY_MS, true],
    [2 * SAMPLE_EVERY_MS + SAMPLE_MS, false],
  ]);
});

Deno.test("the cost is the time of both programs over the calls made while it was measured", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture, capture.drain);
  capture.calls(1_000_000); // before the first slice, still in the ring
  sampler.tick(0);
  capture.calls(50, 200);
  sampler.tick(SAMPLE_MS);
  capture.calls(1_000_000);
  sampler.tick(SAMPLE_EVERY_MS);
  capture.calls(150, 400);
  sampler.tick(SAMPLE_EVERY_MS + SAMPLE_MS);
  assert.equal(sampler.nsPerCall, (50 * 200 + 150 * 400) / 200);
});

Deno.test("without a call in a slice there is no figure", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture, capture.drain);
  assert.equal(sampler.nsPerCall, null);
  sampler.tick(0);
  sampler.tick(SAMPLE_MS);
  capture.calls(10);
  assert.equal(sampler.nsPerCall, null);
});

Deno.test("the end of the trace ends a slice under way, and its calls count", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture, capture.drain);
  sampler.tick(0);
  capture.calls(3, 300);
  sampler.stop();
  assert.equal(capture.on, false);
  assert.equal(sampler.nsPerCall, 300);
  sampler.stop();
  assert.deepEqual(capture.log, ["on", "off"]);
});

Deno.test("a tick that comes late turns the statistics off, and the next slice waits its time", () => {
  const capture = new FakeCapture();
  const sampler = new CostSampler(capture, capture.drain);
  sampler.tick(0);
  sampler.tick(700);
  assert.equal(capture.on, false);
  sampler.tick(700 + SAMPLE_EVERY_MS - SAMPLE_MS - 1);
  assert.equal(capture.on, false);
  sampler.tick(700 + SAMPLE_EVERY_MS - SAMPLE_MS);
  assert.equal(capture.on, true);
});

Deno.test("a kernel that refuses its statistics is asked once, and there is no figure", () => {
  const capture = new FakeCapture();
  capture.allowed = false;
  const sampler = new CostSampler(capture, capture.drain);
  for (let ms = 0; ms < 3000; ms += 10) {
    capture.calls(1);
    sampler.tick(ms);
  }
  sampler.stop();
  assert.deepEqual(capture.log, ["on"]);
  assert.equal(sampler.nsPerCall, null);
});
