/** What the verifier has to look at: an option that is off must be nothing to it, nor to a call that is traced. */
import assert from "node:assert/strict";
import { configBytes } from "../../bpf/config.ts";
import { Libbpf } from "../../bpf/ffi/libbpf.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { loadPrograms, readObject } from "../../bpf/load.ts";
import { KernelTypes, machineArch } from "../../bpf/machine.ts";
import { verifiedInstructions } from "../kernel_lib/leftovers.ts";

/**
 * Most instructions that the verifier of Linux 6.18 looks at in the programs of a trace without options, each as often as
 * it does: what was measured. More is right only for what every trace needs.
 */
const MOST: Readonly<Record<string, number>> = {
  ior_enter: 9_649,
  ior_exit: 7_845,
  ior_fork: 593,
  ior_exec: 7_410,
  ior_end: 7_636,
  ior_signal: 40,
  ior_uring: 626,
  ior_walk: 744,
};

/** Other verifiers prune in other places. */
const TIMES = Deno.osRelease().startsWith("6.18.") ? 1 : 2;

/** Options that the programs are loaded with. */
interface Options {
  samples: boolean;
  groups: boolean;
}

async function verified({ samples, groups }: Options): Promise<Record<string, number>> {
  const libc = Libc.open();
  using libbpf = new Libbpf(libc);
  using kernel = new KernelTypes(libc);
  using _programs = loadPrograms(libbpf, {
    bytes: readObject(),
    config: configBytes({
      arch: machineArch(),
      startNs: 1n,
      selfPid: Deno.pid,
      pidNamespace: 0,
      cast: kernel.has("bpf_rdonly_cast"),
      targets: true,
      follow: true,
      groups,
      groupLevels: groups ? 6 : 0,
      samples,
      busyBytes: 32_768,
    }),
    maxEntries: { ring: 65_536 },
    leftOut: [],
  });
  return await verifiedInstructions();
}

Deno.test("The programs of a trace without options are no more to the verifier than what every trace needs", async () => {
  const found = await verified({ samples: false, groups: false });
  assert.deepEqual(Object.keys(found).sort(), Object.keys(MOST).sort());
  for (const [name, most] of Object.entries(MOST)) {
    assert.ok(found[name] <= TIMES * most, `${name} has ${found[name]} instructions, at most are ${most}`);
  }
});

Deno.test("An option that is on shows in the programs that serve it, and in no others", async () => {
  const off = await verified({ samples: false, groups: false });
  const more = async (options: Options) => {
    const on = await verified(options);
    return Object.keys(on).filter((name) => on[name] > off[name]).sort();
  };
  assert.deepEqual(await more({ samples: true, groups: false }), ["ior_exit"]);
  assert.deepEqual(await more({ samples: false, groups: true }), ["ior_enter", "ior_uring"]);
});
