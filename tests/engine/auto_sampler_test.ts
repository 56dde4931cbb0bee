import assert from "node:assert/strict";
import { AutoSampler } from "../../engine/auto_sampler.ts";
import { batchOf } from "./batches.ts";

/** A sampler of calls for whom these rates were asked, and the rates in force. */
function sampling(asked: Record<number, number> = {}) {
  const rates = new Map<number, number>();
  const sampler = new AutoSampler({
    rateOf: (nr) => asked[nr] ?? 1,
    setRate: (nr, rate) => void rates.set(nr, rate),
  });
  const rows = (counts: Record<number, number>) =>
    sampler.count(
      batchOf(
        Object.entries(counts).flatMap(([nr, count]) =>
          Array.from({ length: count }, () => ({ nr: Number(nr) }))
        ),
      ),
    );
  return { sampler, rates, rows };
}

Deno.test("A ring that is more than half full raises the rates of the calls that have half of the rows", () => {
  const { sampler, rates, rows } = sampling();
  rows({ 0: 60, 1: 30, 2: 10 });
  sampler.look(0.5, 0);
  assert.equal(rates.size, 0);
  sampler.look(0.6, 1);
  assert.deepEqual([...rates], [[0, 4]]);
  rows({ 0: 10, 1: 12, 2: 10 });
  sampler.look(0.9, 20);
  assert.equal(rates.size, 1, "the first rise has not shown yet");
  sampler.look(0.9, 60);
  assert.deepEqual([...rates], [[0, 4 * 4], [1, 4]]);
});

Deno.test("Rates fall by and by to what was asked for, once the ring has been quiet for a second", () => {
  const { sampler, rates, rows } = sampling({ 0: 3, 1: 0 });
  for (const ms of [0, 100]) {
    rows({ 0: 5, 1: 50 });
    sampler.look(0.9, ms);
    rows({ 0: 9 });
    sampler.look(0.9, ms + 50);
  }
  assert.ok(!rates.has(1), "a call without rows has none");
  const top = rates.get(0)!;
  assert.ok(top >= 12);
  sampler.look(0.05, 1000);
  assert.equal(rates.get(0), top);
  const fallen: number[] = [];
  for (let ms = 1150; ms < 20_000; ms += 1000) {
    sampler.look(0.05, ms);
    fallen.push(rates.get(0)!);
  }
  assert.equal(fallen[0], Math.floor(top / 2));
  assert.equal(fallen.at(-1), 3);
  assert.deepEqual([...sampler.highest], [[0, top]]);
});

Deno.test("A ring that is neither full nor quiet leaves the rates alone", () => {
  const { sampler, rates, rows } = sampling();
  rows({ 0: 5 });
  sampler.look(0.9, 0);
  for (let ms = 100; ms < 10_000; ms += 100) sampler.look(0.2, ms);
  assert.deepEqual([...rates], [[0, 4]]);
});

Deno.test("A rate has a limit", () => {
  const { sampler, rates, rows } = sampling();
  for (let ms = 0; ms < 5000; ms += 100) {
    rows({ 0: 5 });
    sampler.look(1, ms);
  }
  assert.equal(rates.get(0), 65_536);
});

Deno.test("A program that calls any number takes no more memory with each of them", () => {
  const { sampler, rates } = sampling();
  for (let look = 0; look < 4; look++) {
    sampler.count(batchOf(Array.from({ length: 3000 }, (_, i) => ({ nr: 10_000 * look + i }))));
    sampler.look(0.9, 100 * look);
  }
  assert.ok(rates.size > 0 && rates.size <= 1024, `${rates.size} rates`);
  assert.ok(sampler.highest.size <= 1024, `${sampler.highest.size} highest rates`);
});
