import assert from "node:assert/strict";
import { mapEntries, type MapNeeds } from "../../bpf/kernel_memory.ts";

const SMALL: MapNeeds = {
  cpus: 2,
  pidMax: 32_768,
  ringBytes: 65_536,
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
  const least = mapEntries({ ...SMALL, samples: false, stacks: false, mapped: false });
  assert.deepEqual(Object.keys(least).sort(), ["files", "group_names", "ring", "verdicts"]);
});
