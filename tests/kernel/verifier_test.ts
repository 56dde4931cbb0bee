/** What the verifier has to look at: an option that is off must be nothing to it, nor to a call that is traced. */
import assert from "node:assert/strict";
import { SECOND_LOOKS } from "../../bpf/capture.ts";
import { Libbpf } from "../../bpf/ffi/libbpf.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { loadPrograms, readObject } from "../../bpf/load.ts";
import { Extra } from "../../bpf/wire.ts";
import { verifiedInstructions } from "../kernel_lib/leftovers.ts";
import { OF_EXTRAS, plainConfig } from "../kernel_lib/load_config.ts";

/**
 * Most instructions that the verifier of Linux 6.18 looks at in the programs of a trace without options, each as often as
 * it does: what was measured. More is right only for what every trace needs.
 */
const MOST: Readonly<Record<string, number>> = {
  ior_enter: 9_469,
  ior_enter32: 9_301,
  ior_exit: 8_855,
  ior_fork: 602,
  ior_exec: 6_950,
  ior_end: 6_509,
  ior_signal: 40,
  ior_uring: 677,
  ior_walk: 744,
};

/** The same of ior_exit where calls may be added up. */
const MOST_WITH_SUMS = 23_108;

/** Other verifiers prune in other places. */
const TIMES = Deno.osRelease().startsWith("6.18.") ? 1 : 2;

/** Options that the programs are loaded with. */
interface Options {
  samples: boolean;
  groups: boolean;
  extras?: number;
  requests?: boolean;
  rowRings?: boolean;
  preemptible?: boolean;
}

/** Programs that serve requests to io_uring alone. */
const OF_REQUESTS = ["ior_uring_end", "ior_uring_end_old"];

async function verified(
  { extras = 0, requests = false, ...options }: Options,
): Promise<Record<string, number>> {
  const libc = Libc.open();
  using libbpf = new Libbpf(libc);
  using _programs = await loadPrograms(libbpf, {
    bytes: readObject(),
    config: plainConfig({
      ...options,
      extras,
      requests,
      groupLevels: options.groups ? 6 : 0,
      pageBytes: 4096,
    }),
    maxEntries: { ring: 65_536 },
    leftOut: [
      "ior_uring_old",
      ...(options.preemptible ? [] : SECOND_LOOKS),
      ...(extras === 0 ? OF_EXTRAS : []),
      ...(requests ? [] : OF_REQUESTS),
    ],
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

Deno.test("Calls that may be added up are no more to the verifier either", async () => {
  const { ior_exit: found } = await verified({ samples: true, groups: false });
  assert.ok(
    found <= TIMES * MOST_WITH_SUMS,
    `ior_exit has ${found} instructions, at most are ${MOST_WITH_SUMS}`,
  );
});

Deno.test("An option that is on shows in the programs that serve it, and in no others", async () => {
  const off = await verified({ samples: false, groups: false });
  const changed = async (options: Options, isChanged = (on: number, off: number) => on > off) => {
    const on = await verified(options);
    return Object.keys(on).filter((name) => isChanged(on[name], off[name])).sort();
  };
  assert.deepEqual(await changed({ samples: true, groups: false }), ["ior_end", "ior_exec", "ior_exit"]);
  assert.deepEqual(await changed({ samples: false, groups: true }), [
    "ior_enter",
    "ior_enter32",
    "ior_uring",
  ]);
  assert.deepEqual(await changed({ samples: false, groups: false, extras: Extra.WAITS }), [
    "ior_end",
    "ior_enter",
    "ior_enter32",
    "ior_exec",
    "ior_exit",
  ]);
  // Rings of several groups of CPUs are nothing but to what sends rows, which another function does then.
  const ofRings = await changed({ samples: false, groups: false, rowRings: true }, (on, off) => on !== off);
  assert.deepEqual(ofRings, [
    "ior_end",
    "ior_enter",
    "ior_enter32",
    "ior_exec",
    "ior_exit",
  ]);
  // The others send the number of a stack with whatever else is known of a call.
  const waits = await verified({ samples: false, groups: false, extras: Extra.WAITS });
  const stacks = await verified({ samples: false, groups: false, extras: Extra.STACKS });
  assert.deepEqual(Object.keys(stacks).filter((name) => stacks[name] > waits[name]).sort(), [
    "ior_enter",
    "ior_enter32",
  ]);
  // The argument is kept where a call enters.
  const kept = await verified({ samples: false, groups: false, extras: Extra.ARGUMENTS });
  assert.deepEqual(Object.keys(kept).filter((name) => kept[name] > waits[name]).sort(), [
    "ior_enter",
    "ior_enter32",
  ]);
  // Mapped I/O is nothing to a call: only the program that sees pages added knows of it.
  const cache = await verified({ samples: false, groups: false, extras: Extra.CACHE | Extra.MAPPED });
  assert.deepEqual(Object.keys(cache).filter((name) => cache[name] > waits[name]), ["ior_fetch"]);
});
