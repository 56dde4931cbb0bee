import { type Config, configBytes } from "../../bpf/config.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { KernelTypes, machineArch } from "../../bpf/machine.ts";

/** Programs that serve what only some traces ask for; a trace without it does not have them. */
export const OF_EXTRAS = [
  "ior_switch",
  "ior_wakeup",
  "ior_fetch",
  "ior_fault",
  "ior_fault_event",
  "ior_major",
];

/** The configuration of a trace of selected processes without options, but for what is changed. */
export function plainConfig(changes: Partial<Config>): Uint8Array<ArrayBuffer> {
  const libc = Libc.open();
  using kernel = new KernelTypes(libc);
  return configBytes({
    arch: machineArch(),
    startNs: 1n,
    selfPid: Deno.pid,
    pidNamespace: 0,
    cast: kernel.has("bpf_rdonly_cast"),
    targets: true,
    follow: true,
    groups: false,
    groupLevels: 0,
    samples: false,
    extras: 0,
    pageBytes: libc.pageBytes,
    requests: false,
    busyBytes: 32_768,
    rowRings: false,
    preemptible: false,
    ...changes,
  });
}
