import assert from "node:assert/strict";
import { Counters } from "../../bpf/counters.ts";
import type { Libbpf } from "../../bpf/ffi/libbpf.ts";
import type { Libc } from "../../bpf/ffi/libc.ts";
import type { LoadedObject } from "../../bpf/object.ts";
import { Offset, Size } from "../../bpf/wire.ts";
import { lossOf } from "../../runtime/loss.ts";

/** How often a program was skipped, by its name. */
type Skipped = Record<string, number>;

/** The counters of two CPUs, and what the kernel says of the programs. */
function countersOf(
  { looksTwice, skipped, cpus }: {
    looksTwice: boolean;
    skipped: Skipped;
    cpus: Partial<Record<keyof typeof Offset.losses, number>>[];
  },
): Counters {
  const libbpf = {
    possibleCpus: () => cpus.length,
    lookupElement: (_fd: number, _key: Uint8Array, value: Uint8Array<ArrayBuffer>) => {
      const view = new DataView(value.buffer);
      for (const [cpu, counts] of cpus.entries()) {
        for (const [kind, count] of Object.entries(counts)) {
          const at = Offset.losses[kind as keyof typeof Offset.losses];
          view.setBigUint64(cpu * Size.losses + at, BigInt(count), true);
        }
      }
    },
  } as unknown as Libbpf;
  const object = {
    mapFd: () => 1,
    programStats: (name: string) => ({ runTimeNs: 0, runCount: 0, recursionMisses: skipped[name] }),
  } as unknown as LoadedObject;
  return new Counters({} as Libc, libbpf, object, looksTwice);
}

Deno.test("The loss is that of all CPUs and kinds, and the enters that the kernel skipped", () => {
  using counters = countersOf({
    looksTwice: false,
    skipped: { ior_enter: 1000 },
    cpus: [{ ring_full: 1, storage_full: 20, unseen: 7 }, { ring_full: 2, skipped: 300, compat_32bit: 50 }],
  });
  assert.deepEqual(
    counters.loss(),
    lossOf({ ring_full: 3, storage_full: 20, skipped: 1300, compat_32bit: 50 }),
  );
});

Deno.test("Where calls are looked at twice one is lost when both looks were skipped, as far as its exit tells", () => {
  const skippedOf = (first: number, second: number, unseen: number) => {
    using counters = countersOf({
      looksTwice: true,
      skipped: { ior_enter: first, ior_enter_again: second },
      cpus: [{ skipped: 5, unseen }],
    });
    return counters.loss().by!.skipped;
  };
  assert.equal(skippedOf(1000, 900, 12), 17);
  assert.equal(skippedOf(1000, 900, 0), 5);
  // Exits without an enter are no loss where no enter was skipped: seccomp has refused these calls.
  assert.equal(skippedOf(0, 900, 12), 5);
  assert.equal(skippedOf(1000, 3, 12), 8);
});
