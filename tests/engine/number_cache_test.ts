import assert from "node:assert/strict";
import { NOT_CACHED, NumberCache } from "../../engine/number_cache.ts";
import { random, testSeed } from "./batches.ts";

type Key = [number, number, number, number, number, number];

Deno.test("What is remembered of a key is its newest value, and each part of the key counts", () => {
  const cache = new NumberCache();
  const key: Key = [0, 0, 0, 0, 0, 0];
  assert.equal(cache.get(...key), NOT_CACHED);
  cache.set(...key, 0);
  assert.equal(cache.get(...key), 0);
  cache.set(...key, 7);
  for (let part = 0; part < key.length; part++) {
    const other = key.with(part, 0x7fff_ffff) as Key;
    assert.equal(cache.get(...other), NOT_CACHED);
    cache.set(...other, part);
    assert.equal(cache.get(...other), part);
  }
  assert.equal(cache.get(...key), 7);
  cache.clear();
  assert.equal(cache.get(...key), NOT_CACHED);
});

Deno.test("Ten thousand keys are all remembered; among too many none is taken for another", () => {
  const seed = testSeed();
  const next = random(seed);
  const int = (below: number) => Math.floor(next() * below);
  const cache = new NumberCache();
  const values = new Map<string, number>();
  const add = (key: Key, value: number) => {
    cache.set(...key, value);
    values.set(key.join(), value);
  };
  for (let i = 0; i < 10_000; i++) add([int(500), int(3), int(2 ** 31), int(200), int(9), int(3)], i);
  for (const [key, value] of values) assert.equal(cache.get(...key.split(",").map(Number) as Key), value);
  let known = 0;
  for (let i = 0; i < 300_000; i++) {
    const key: Key = [int(20), int(3), int(2_000), int(2), 0, 0];
    const found = cache.get(...key);
    if (found !== NOT_CACHED) {
      known++;
      assert.equal(found, values.get(key.join()), `seed ${seed}`);
    }
    add(key, i);
  }
  assert.ok(known > 0);
});
