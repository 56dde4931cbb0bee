/** What the kernel side takes of a large machine's memory, by the kernel's own account of the maps. */
import assert from "node:assert/strict";
import { SECOND_LOOKS } from "../../bpf/capture.ts";
import { Libbpf } from "../../bpf/ffi/libbpf.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { mapEntries, type MapNeeds } from "../../bpf/kernel_memory.ts";
import { loadPrograms, readObject } from "../../bpf/load.ts";
import { Extra } from "../../bpf/wire.ts";
import { type HeldMap, mapsHeldBy } from "../kernel_lib/leftovers.ts";
import { OF_EXTRAS, plainConfig } from "../kernel_lib/load_config.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The machine: the largest number of threads that 64-bit Linux gives out, and everything asked for. */
const LARGE: MapNeeds = {
  cpus: 256,
  pidMax: 4_194_304,
  ringBytes: 16 * MIB,
  rowRings: true,
  samples: true,
  stacks: true,
  mapped: true,
};

/** Most that one CPU may cost: what the programs write on when it is theirs, and the turns of sampled calls. */
const MOST_PER_CPU = 24 * KIB;

/** Most that the rest may take where all is asked for, and where a trace is asked for nothing. */
const MOST = 96 * MIB;
const MOST_PLAIN = 40 * MIB;

/** Kinds of maps that have a value for each CPU (include/uapi/linux/bpf.h). */
const PER_CPU_KINDS = [5, 6, 10, 21];

/** Bytes that a map takes for each CPU: the kernel rounds a value up to words. */
function bytesPerCpu({ kind, valueBytes, entries }: HeldMap): number {
  return PER_CPU_KINDS.includes(kind) ? Math.ceil(valueBytes / 8) * 8 * entries : 0;
}

/** What is wrong with the memory of these maps. */
function memoryFaults(maps: readonly HeldMap[], most: number): string[] {
  const sum = (bytesOf: (map: HeldMap) => number) => maps.reduce((all, map) => all + bytesOf(map), 0);
  const perCpu = sum(bytesPerCpu);
  const shared = sum((map) => bytesPerCpu(map) > 0 ? 0 : map.bytes);
  return [
    ...(perCpu > MOST_PER_CPU ? [`A CPU costs ${perCpu} bytes, at most are ${MOST_PER_CPU}`] : []),
    ...(shared > most ? [`All CPUs share ${shared} bytes, at most are ${most}`] : []),
  ];
}

/** The maps of a load. */
async function mapsOf(needs: MapNeeds): Promise<HeldMap[]> {
  const libc = Libc.open();
  using libbpf = new Libbpf(libc);
  const before = new Set(mapsHeldBy(Deno.pid).map(({ id }) => id));
  using _programs = await loadPrograms(libbpf, {
    bytes: readObject(),
    config: plainConfig({
      groups: true,
      samples: needs.samples,
      extras: needs.stacks ? Extra.STACKS : 0,
      requests: true,
      busyBytes: needs.ringBytes / 4,
      rowRings: needs.rowRings,
    }),
    maxEntries: mapEntries(needs),
    leftOut: ["ior_uring_old", ...SECOND_LOOKS, ...OF_EXTRAS],
  });
  return mapsHeldBy(Deno.pid).filter(({ id }) => !before.has(id));
}

Deno.test("Memory is bounded on a machine of 256 CPUs and four million thread numbers", async () => {
  const maps = await mapsOf(LARGE);
  assert.ok(maps.length > 20, `${maps.length} maps`);
  assert.deepEqual(memoryFaults(maps, MOST), []);
});

Deno.test("A trace that is asked for nothing takes less", async () => {
  const maps = await mapsOf({ ...LARGE, samples: false, stacks: false, mapped: false });
  assert.deepEqual(memoryFaults(maps, MOST_PLAIN), []);
});

Deno.test("The gate finds a map that is too large for each CPU, or for all", () => {
  const map = { id: 1, kind: 6, valueBytes: 4097, entries: 2, bytes: 16_384 };
  assert.deepEqual(memoryFaults([map], MOST), []);
  assert.equal(memoryFaults([map, { ...map, entries: 4 }], MOST).length, 1);
  assert.equal(memoryFaults([map, { ...map, kind: 2, bytes: MOST + 1 }], MOST).length, 1);
});
