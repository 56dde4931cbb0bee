import { type Arch, syscallByName, syscallNumber } from "../runtime/syscalls/mod.ts";
import { CALLS, Offset, Size } from "./wire.ts";

/** Configuration of the kernel programs, fixed at their load. */
export interface Config {
  arch: Arch;
  /** Boot clock at the start of the trace, nanoseconds. */
  startNs: bigint;
  /** ior's own process, which is never traced. */
  selfPid: number;
  /** Inode of ior's pid namespace; 0 for the initial one. */
  pidNamespace: number;
  /** Whether the kernel has `bpf_rdonly_cast`. */
  cast: boolean;
  /** Whether processes or threads are selected, a started command among them. */
  targets: boolean;
  /** Whether children of selected processes are selected. */
  follow: boolean;
  /** Whether rows have the control group of their thread. */
  groups: boolean;
  /** A bit for each level of the hierarchy that selected control groups are at; 0 for all groups. */
  groupLevels: number;
  /** Whether calls may be added up instead of sent. */
  samples: boolean;
  /** What is known of each call beside its record, bits of `Extra`. */
  extras: number;
  /** Size of a page, bytes. */
  pageBytes: number;
  /** Whether requests to io_uring may have rows. */
  requests: boolean;
  /** Where calls can be added up: with more bytes in it the ring has room for slow calls and names, with twice as many for names. */
  busyBytes: number;
  /** Whether rows go to the ring of their CPU's group, and names to that of all. */
  rowRings: boolean;
  /** Whether the kernel may preempt programs at tracepoints. */
  preemptible: boolean;
}

/** The bytes of the section `.rodata.config`. */
export function configBytes(config: Config): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Size.config);
  const view = new DataView(bytes.buffer);
  const at = Offset.config;
  const numberOf = (name: string) => {
    const call = syscallByName(name);
    return (call && syscallNumber(config.arch, call)) ?? CALLS;
  };
  view.setBigUint64(at.start_ns, config.startNs, true);
  view.setUint32(at.self_pid, config.selfPid, true);
  view.setUint32(at.pid_namespace, config.pidNamespace, true);
  view.setUint32(at.nr_rt_sigreturn, numberOf("rt_sigreturn"), true);
  view.setUint32(at.nr_restart_syscall, numberOf("restart_syscall"), true);
  bytes[at.cast] = config.cast ? 1 : 0;
  bytes[at.targets] = config.targets ? 1 : 0;
  bytes[at.follow] = config.follow ? 1 : 0;
  bytes[at.groups] = config.groups ? 1 : 0;
  view.setUint32(at.group_levels, config.groupLevels, true);
  bytes[at.samples] = config.samples ? 1 : 0;
  bytes[at.extras] = config.extras;
  bytes[at.page_shift] = Math.log2(config.pageBytes);
  bytes[at.requests] = config.requests ? 1 : 0;
  view.setUint32(at.busy_bytes, config.busyBytes, true);
  bytes[at.row_rings] = config.rowRings ? 1 : 0;
  bytes[at.extended] = config.rowRings || config.extras !== 0 ? 1 : 0;
  bytes[at.preemptible] = config.preemptible ? 1 : 0;
  return bytes;
}
