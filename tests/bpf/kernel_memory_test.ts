import assert from "node:assert/strict";
import { groupOf, mapEntries, type MapNeeds, ringGroups, ringSizes } from "../../bpf/kernel_memory.ts";

const SMALL: MapNeeds = {
  cpus: 2,
  pidMax: 32_768,
  ringBytes: 65_536,
  rowRings: false,
  samples: true,
  stacks: true,
  mapped: true,
};

/** Maps from which the kernel drives out what was not used for long. */
const REMEMBERED = ["files", "group_names", "cell_numbers", "text_numbers", "stacks"];

/** What a CPU of a kernel before 6.17 takes for itself of such a map. */
const TAKEN_BY_CPU = 128;

Deno.test("On any number of CPUs, half of a map that remembers names is left when each CPU holds free entries", () => {
  const small = mapEntries(SMALL);
  for (let cpus = 1; cpus <= 4096; cpus *= 2) {
    const entries = mapEntries({ ...SMALL, cpus });
    for (const map of REMEMBERED) {
      assert.ok(
        cpus * TAKEN_BY_CPU <= entries[map] / 2,
        `${map} has ${entries[map]} entries for ${cpus} CPUs`,
      );
      assert.ok(entries[map] >= small[map], map);
    }
  }
});

Deno.test("A machine of 16 CPUs needs no more room for names than one of two", () => {
  assert.deepEqual(mapEntries({ ...SMALL, cpus: 16 }), mapEntries(SMALL));
});

Deno.test("Every number that the kernel may give to a thread has its verdict", () => {
  assert.equal(mapEntries(SMALL).verdicts, 8);
  assert.equal(mapEntries({ ...SMALL, pidMax: 32_769 }).verdicts, 9);
  assert.equal(mapEntries({ ...SMALL, pidMax: 4_194_304 }).verdicts, 1024);
});

Deno.test("What a trace is not asked for has no room", () => {
  const all = mapEntries(SMALL);
  const least = mapEntries({ ...SMALL, samples: false, stacks: false, mapped: false });
  assert.deepEqual(Object.keys(least), Object.keys(all));
  assert.deepEqual(Object.keys(least).filter((map) => least[map] === 1 && all[map] > 1), [
    "cells",
    "chunks",
    "cell_numbers",
    "text_numbers",
    "stacks",
    "mapped",
  ]);
});

Deno.test("From 32 CPUs on rows have rings of their own, a power of two of them, and at most eight", () => {
  const cases = { 1: 1, 2: 1, 31: 1, 32: 4, 48: 4, 63: 4, 64: 8, 128: 8, 256: 8, 4096: 8 };
  for (const [cpus, groups] of Object.entries(cases)) {
    assert.equal(ringGroups(Number(cpus)), groups, `${cpus} CPUs`);
  }
});

Deno.test("The rings are powers of two of at least a page, and together as large as asked", () => {
  for (const page of [4096, 65_536]) {
    for (let bytes = page; bytes <= 2 ** 30; bytes *= 2) {
      for (const groups of [1, 2, 4, 8]) {
        const { ring, rowRings } = ringSizes(bytes, groups, page);
        const all = [ring, ...rowRings];
        assert.equal(all.reduce((sum, size) => sum + size, 0), bytes);
        assert.ok(all.every((size) => size >= page && Number.isInteger(Math.log2(size))), all.join());
        assert.notEqual(rowRings.length, 1);
        assert.ok(rowRings.length <= groups);
      }
    }
  }
  assert.deepEqual(ringSizes(2 ** 24, 8, 4096), { ring: 2 ** 23, rowRings: Array(8).fill(2 ** 20) });
  assert.deepEqual(ringSizes(16_384, 8, 4096), { ring: 8192, rowRings: [4096, 4096] });
  assert.deepEqual(ringSizes(8192, 8, 4096), { ring: 8192, rowRings: [] });
});

Deno.test("Every group has CPUs that are neighbours, as many as the others", () => {
  for (const [cpus, groups] of [[2, 2], [32, 4], [64, 8], [256, 8]]) {
    const found = Array.from({ length: cpus }, (_, cpu) => groupOf(cpu, cpus, groups));
    assert.deepEqual(found, found.toSorted((a, b) => a - b));
    for (let group = 0; group < groups; group++) {
      assert.equal(found.filter((of) => of === group).length, cpus / groups);
    }
  }
  // One that is not at work now, and more groups than CPUs.
  assert.equal(groupOf(100, 64, 8), 4);
  assert.deepEqual([0, 1].map((cpu) => groupOf(cpu, 2, 8)), [0, 1]);
});
