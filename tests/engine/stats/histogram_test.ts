import assert from "node:assert/strict";
import {
  BUCKET_COUNT,
  bucketHigh,
  bucketIndex,
  bucketLow,
  bucketMiddle,
  MAX_VALUE,
  RELATIVE_ERROR,
} from "../../../engine/stats/buckets.ts";
import { NO_BUCKET } from "../../../engine/stats/call_columns.ts";
import { DenseHistograms } from "../../../engine/stats/dense_histograms.ts";
import type { Histograms, Quantiles } from "../../../engine/stats/histograms.ts";
import { SparseHistograms } from "../../../engine/stats/sparse_histograms.ts";
import { random, testSeed } from "../batches.ts";

const QUANTILES = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 1];

Deno.test("Every bucket begins where the one before it ends, and holds exactly its bounds", () => {
  let low = 0;
  for (let index = 0; index < BUCKET_COUNT; index++) {
    assert.equal(bucketLow(index), low);
    assert.equal(bucketIndex(low), index);
    assert.equal(bucketIndex(bucketHigh(index) - 1), index);
    assert.ok(bucketMiddle(index) >= low && bucketMiddle(index) < bucketHigh(index));
    low = bucketHigh(index);
  }
  assert.equal(low, 2 ** 53);
});

Deno.test("The middle of a bucket is off by at most the stated error, which is below two percent", () => {
  assert.ok(RELATIVE_ERROR <= 0.02);
  for (let index = 1; index < BUCKET_COUNT; index++) {
    const middle = bucketMiddle(index);
    for (const value of [bucketLow(index), bucketHigh(index) - 1]) {
      assert.ok(Math.abs(middle - value) <= RELATIVE_ERROR * value, `bucket ${index}, value ${value}`);
    }
  }
});

Deno.test("Values outside the range count as its ends", () => {
  assert.equal(bucketIndex(-5), 0);
  assert.equal(bucketIndex(NaN), 0);
  assert.equal(bucketIndex(12.9), 12);
  for (const value of [MAX_VALUE, 2 ** 53, 2 ** 60, Infinity]) {
    assert.equal(bucketIndex(value), BUCKET_COUNT - 1);
  }
});

/** Distributions that are easy and distributions that are not. */
const DISTRIBUTIONS: Record<string, (next: () => number, i: number) => number> = {
  "uniform": (next) => Math.floor(next() * 1e9),
  "exponential": (next) => Math.floor(-Math.log(1 - next()) * 1e5),
  "log-normal with a wide spread": (next) => Math.floor(Math.exp(8 + 4 * (next() + next() + next() - 1.5))),
  "two far peaks": (next) => next() < 0.5 ? 200 + Math.floor(next() * 20) : 4e9 + Math.floor(next() * 1e6),
  "constant": () => 777_777,
  "all zero": () => 0,
  "one outlier": (_, i) => i === 500 ? MAX_VALUE : 100,
  "powers of two and their neighbours": (next) => 2 ** Math.floor(next() * 53) + Math.floor(next() * 3) - 1,
  "heavy tail": (next) => Math.min(MAX_VALUE, Math.floor(50 / (1 - next()) ** 3)),
  "small whole numbers": (next) => Math.floor(next() * 70),
  "rising": (_, i) => i * i * i,
};

for (const [name, draw] of Object.entries(DISTRIBUTIONS)) {
  Deno.test(`Quantiles are within the stated error of the exact ones: ${name}`, () => {
    const next = random(testSeed());
    for (const size of [1, 2, 3, 10, 101, 5_000]) {
      const values = Array.from({ length: size }, (_, i) => draw(next, i));
      const sorted = values.toSorted((a, b) => a - b);
      const { count, values: quantiles } = quantilesOf(values);
      assert.equal(count, size);
      for (const [i, q] of QUANTILES.entries()) {
        const exact = sorted[Math.max(1, Math.ceil(q * size)) - 1];
        const found = quantiles[i]!;
        assert.ok(
          Math.abs(found - exact) <= RELATIVE_ERROR * exact,
          `q ${q} of ${size}: ${found}, exact ${exact}`,
        );
      }
      assert.equal(quantiles.at(-1), sorted[size - 1]);
    }
  });
}

Deno.test("The quantiles of an empty histogram are null", () => {
  assert.deepEqual(quantilesOf([]), { count: 0, values: QUANTILES.map(() => null) });
});

Deno.test("A quantile outside 0 to 1 is refused", () => {
  const store = new DenseHistograms();
  store.makeRoom(1);
  store.add(0, 1, 1);
  assert.throws(() => store.quantiles(0, [1.5], 1), /it is 1.5, it must be from 0 to 1/);
});

const KINDS: Record<string, () => Histograms> = {
  "sparse histograms": () => new SparseHistograms(),
  "dense histograms": () => new DenseHistograms(),
};

for (const [kind, create] of Object.entries(KINDS)) {
  Deno.test(`Each of many ${kind} holds its own counts, whatever the others do`, () => {
    const next = random(testSeed());
    const store = create();
    const models = Array.from({ length: 40 }, () => new Map<number, number>());
    store.makeRoom(models.length);
    for (let i = 0; i < 120_000; i++) {
      const row = Math.floor(models.length * next() ** 3);
      if (next() < 0.0002) {
        store.clear(row);
        models[row].clear();
        continue;
      }
      const draw = (): [bucket: number, count: number] => [
        Math.floor((NO_BUCKET + 1) * next() ** (1 + row % 4)),
        next() < 0.1 ? Math.ceil(next() * 2 ** 40) : 1,
      ];
      if (next() < 0.01) {
        const many = new Map(Array.from({ length: Math.floor(40 * next()) }, draw));
        const filled = ordered(many);
        store.addAll(row, {
          indexes: Uint16Array.from(filled, ([bucket]) => bucket),
          counts: Float64Array.from(filled, ([, count]) => count),
        });
        for (const [bucket, count] of many) models[row].set(bucket, (models[row].get(bucket) ?? 0) + count);
        continue;
      }
      const [bucket, count] = draw();
      if (count === 1) store.increment(Int32Array.of(9, row), Uint16Array.of(9, bucket), 1, 2);
      else store.add(row, bucket, count);
      models[row].set(bucket, (models[row].get(bucket) ?? 0) + count);
    }
    for (const [row, model] of models.entries()) {
      assert.deepEqual(contents(store, row), ordered(model), `${row}`);
    }
  });

  Deno.test(`A count of ${kind} passes 32 bits without losing anything`, () => {
    const store = create();
    store.makeRoom(1);
    store.add(0, 100, 2 ** 32 - 100);
    for (let i = 0; i < 5_000; i++) store.increment(Int32Array.of(0), Uint16Array.of(100), 0, 1);
    assert.deepEqual(contents(store, 0), [[100, 2 ** 32 + 4_900]]);
    store.add(0, 100, 2 ** 50);
    assert.deepEqual(contents(store, 0), [[100, 2 ** 50 + 2 ** 32 + 4_900]]);
    store.clear(0);
    assert.deepEqual(contents(store, 0), []);
  });

  for (const [otherKind, createOther] of Object.entries(KINDS)) {
    Deno.test(`Merged into ${otherKind}, ${kind} add up`, () => {
      const next = random(testSeed());
      const store = create();
      const target = createOther();
      const model = new Map<number, number>();
      store.makeRoom(6);
      target.makeRoom(2);
      for (let i = 0; i < 30_000; i++) {
        const bucket = next() < 0.01 ? NO_BUCKET : bucketIndex(Math.floor(Math.exp(next() * 36)));
        store.increment(Int32Array.of(Math.floor(6 * next() ** 4)), Uint16Array.of(bucket), 0, 1);
        model.set(bucket, (model.get(bucket) ?? 0) + 1);
      }
      for (let row = 0; row < 6; row++) store.mergeInto(row, target, 1);
      assert.deepEqual(contents(target, 1), ordered(model));
      for (let row = 1; row < 6; row++) store.mergeInto(row, store, 0);
      assert.deepEqual(contents(store, 0), ordered(model), "Merged into itself");
    });
  }
}

/** The buckets of a histogram with their counts, calls without a value at the end. */
function contents(store: Histograms, row: number): [number, number][] {
  const { indexes, counts } = store.filled(row);
  const filled = Array.from(indexes, (index, i): [number, number] => [index, counts[i]]);
  const without = store.without(row);
  return without === 0 ? filled : [...filled, [NO_BUCKET, without]];
}

function ordered(model: Map<number, number>): [number, number][] {
  return [...model].sort(([a], [b]) => a - b);
}

/** The quantiles of values, in a row between others: of every kind of histogram the same. */
function quantilesOf(values: readonly number[]): Quantiles {
  const [sparse, dense] = Object.values(KINDS).map((create) => {
    const store = create();
    store.makeRoom(3);
    for (const row of [0, 2]) store.add(row, bucketIndex(12_345), 1_000);
    for (const value of values) store.add(1, bucketIndex(value), 1);
    store.add(1, NO_BUCKET, 1);
    return store.quantiles(1, QUANTILES, Math.max(0, ...values));
  });
  assert.deepEqual(sparse, dense);
  return dense;
}
