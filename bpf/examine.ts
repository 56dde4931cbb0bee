import { type ErrorData, errorToData } from "../runtime/errors.ts";
import type { Arch } from "../runtime/syscalls/mod.ts";
import { hasFeature, KERNEL_FEATURES, type KernelFeature } from "./features.ts";
import { FfiError } from "./ffi/errors.ts";
import { Libbpf } from "./ffi/libbpf.ts";
import { Libc } from "./ffi/libc.ts";
import { hierarchyIn } from "./hierarchy.ts";
import {
  isInUserNamespace,
  KernelTypes,
  machineArch,
  mayRunFirst,
  maySudoGive,
  missingCapabilities,
  pidNamespace,
  type SpecialFiles,
} from "./machine.ts";

/** Where the kernel shows what it is locked against (`man 7 kernel_lockdown`). */
const LOCKDOWN_PATH = "/sys/kernel/security/lockdown";

/** Whether the kernel counts what programs cost for everybody (`man 2 bpf`). */
const STATISTICS_PATH = "/proc/sys/kernel/bpf_stats_enabled";

/** What a machine has of what tracing needs, as this process sees it. */
export interface MachineFacts {
  /** Release of the kernel. */
  kernel: string;
  arch: Arch;
  /** What the kernel has; an error when it has no type information, which would tell. */
  features: Record<KernelFeature, boolean> | ErrorData;
  /** Whether the kernel can wait until no program runs. */
  waitsForPrograms: boolean;
  /** Version of libbpf; an error when it cannot be used. */
  libbpf: string | ErrorData;
  /** Version of libdw; an error when it cannot be used. */
  libdw: string | ErrorData;
  /** Names of the capabilities that this process lacks. */
  missingCapabilities: string[];
  /** Whether `sudo` may give them. */
  maySudoGive: boolean;
  /** Whether the kernel counts what programs cost, or this process may turn that on; `null` without libbpf. */
  countsCost: boolean | null;
  /** Whether this process may run before others. */
  mayRunFirst: boolean;
  /** `none`, `integrity` or `confidentiality`; `null` when the kernel does not tell. */
  lockdown: string | null;
  /** Soft limit of locked memory, bytes, `Infinity` for none; `null` when it cannot be read. */
  lockedMemoryBytes: number | null;
  /** Whether a seccomp filter judges the calls of this process. */
  isFiltered: boolean;
  /** Whether this process is in a pid namespace of its own, as in a container. */
  isInPidNamespace: boolean;
  /** Whether this process is in a user namespace of its own, whose capabilities the kernel does not take for tracing. */
  isInUserNamespace: boolean;
  /** Where the unified hierarchy of control groups is mounted; `null` when it is not. */
  cgroups: string | null;
}

/** Examines this machine. Nothing is loaded into the kernel, and no privilege is needed. */
export async function examineMachine(): Promise<MachineFacts> {
  const libc = Libc.open();
  return {
    kernel: Deno.osRelease(),
    arch: machineArch(),
    ...factsIn(libc),
    ...libraryFacts(libc),
    libdw: await libdwVersion(),
    waitsForPrograms: libc.awaitPrograms(),
  };
}

/** What the files of `/proc` and `/sys` tell. */
export function factsIn(
  files: SpecialFiles,
): Omit<MachineFacts, "kernel" | "arch" | "libbpf" | "countsCost" | "libdw" | "waitsForPrograms"> {
  const status = files.readSpecialText("/proc/self/status") ?? "";
  const limits = files.readSpecialText("/proc/self/limits") ?? "";
  return {
    features: featuresIn(files),
    missingCapabilities: missingCapabilities(status),
    maySudoGive: maySudoGive(status),
    mayRunFirst: mayRunFirst(status, limits),
    lockdown: /\[(\w+)\]/.exec(files.readSpecialText(LOCKDOWN_PATH) ?? "")?.[1] ?? null,
    lockedMemoryBytes: lockedMemoryIn(limits),
    isFiltered: /^Seccomp:\s*2$/m.test(status),
    isInPidNamespace: pidNamespace(files) !== 0,
    isInUserNamespace: isInUserNamespace(files),
    cgroups: hierarchyIn(files)?.directory ?? null,
  };
}

function featuresIn(files: SpecialFiles): MachineFacts["features"] {
  try {
    using types = new KernelTypes(files);
    const found = KERNEL_FEATURES.map((feature) => [feature, hasFeature(types, feature)]);
    return Object.fromEntries(found) as Record<KernelFeature, boolean>;
  } catch (error) {
    return errorToData(error);
  }
}

/** The soft limit in the text of `/proc/self/limits`. */
function lockedMemoryIn(limits: string): number | null {
  const soft = /^Max locked memory\s+(\w+)/m.exec(limits)?.[1];
  if (soft === undefined) return null;
  return soft === "unlimited" ? Infinity : Number(soft);
}

async function libdwVersion(): Promise<MachineFacts["libdw"]> {
  // Its modules take time to load, and only doctor asks.
  const { Libdw } = await import("./ffi/libdw.ts");
  try {
    using libdw = new Libdw();
    return libdw.version;
  } catch (error) {
    return errorToData(error);
  }
}

function libraryFacts(libc: Libc): Pick<MachineFacts, "libbpf" | "countsCost"> {
  try {
    using libbpf = new Libbpf(libc);
    return { libbpf: libbpf.version, countsCost: countsCost(libc, libbpf) };
  } catch (error) {
    return { libbpf: errorToData(error), countsCost: null };
  }
}

function countsCost(libc: Libc, libbpf: Libbpf): boolean {
  if (libc.readSpecialText(STATISTICS_PATH)?.trim() === "1") return true;
  try {
    libc.close(libbpf.enableStats());
    return true;
  } catch (error) {
    if (error instanceof FfiError) return false;
    throw error;
  }
}
