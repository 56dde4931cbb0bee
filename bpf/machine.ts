import { IorError } from "../runtime/errors.ts";
import type { SpecialBytes } from "./ffi/libc.ts";
import type { Arch } from "../runtime/syscalls/mod.ts";

/** The capabilities tracing needs, by bit (`linux/capability.h`). `CAP_SYS_ADMIN` stands for both. */
const CAPABILITIES = { CAP_BPF: 39, CAP_PERFMON: 38 } as const;
const CAP_SYS_ADMIN = 21;
const CAP_SYS_NICE = 23;

/** Limit of niceness that permits the first one, -20: it counts from 20 down (`man 2 getrlimit`, RLIMIT_NICE). */
const BEST_NICE_LIMIT = 40;

/** Where the kernel shows its type information. */
const BTF_PATH = "/sys/kernel/btf/vmlinux";

/** A file that /sys has on every kernel, for every user (kernel/ksysfs.c). */
const SYSFS_FILE = "/sys/kernel/fscaps";

/** Inodes of the initial pid and user namespaces (`include/linux/proc_ns.h`, PROC_PID_INIT_INO and PROC_USER_INIT_INO). */
const INITIAL_PID_NAMESPACE = 0xeffffffc;
const INITIAL_USER_NAMESPACE = 0xeffffffd;

/** Largest pid_max of any kernel (`include/linux/threads.h`). */
const PID_MAX_LIMIT = 4 * 1024 * 1024;

/** The architecture whose numbers the kernel side reports. */
export function machineArch(): Arch {
  return Deno.build.arch;
}

/** What the kernel calls an architecture, as in the names of the objects and of the launch helpers. */
export function kernelArch(arch: Arch = machineArch()): "x86_64" | "arm64" {
  return arch === "aarch64" ? "arm64" : arch;
}

/** Reads of `/proc` and `/sys`, as {@linkcode Libc} does them; `null` for what cannot be read. */
export interface SpecialFiles {
  openSpecialFile(path: string): SpecialBytes | null;
  readSpecialText(path: string): string | null;
  readSpecialLink(path: string): string | null;
  contains(bytes: Uint8Array<ArrayBuffer>, part: Uint8Array<ArrayBuffer>): boolean;
}

/**
 * Fails when this process may not trace.
 *
 * @throws {IorError} `privilege` with the missing capabilities, or for those of another user namespace.
 */
export function checkPrivileges(files: SpecialFiles): void {
  const status = files.readSpecialText("/proc/self/status") ?? "";
  const missing = missingCapabilities(status);
  if (missing.length > 0) {
    throw new IorError("privilege", `Cannot trace: this process lacks ${missing.join(" and ")}`, {
      hint: maySudoGive(status)
        ? "Run ior with sudo"
        : "Give them to the container or service, where sudo cannot: docker run --cap-add=BPF --cap-add=PERFMON",
    });
  }
  if (isInUserNamespace(files)) {
    throw new IorError(
      "privilege",
      "Cannot trace: this process is in a user namespace of its own, and the kernel wants privileges of the initial one",
      { hint: "Run ior outside, on the host" },
    );
  }
}

/** Names of the capabilities that `/proc/self/status` says are missing. */
export function missingCapabilities(status: string): string[] {
  if (hasCapability(status, CAP_SYS_ADMIN)) return [];
  return Object.entries(CAPABILITIES).filter(([, bit]) => !hasCapability(status, bit)).map(([name]) => name);
}

/**
 * True when `sudo` may give the capabilities that tracing needs: they are not out of the bounds of this process, as in a
 * container, and its children may get new privileges (`man 7 capabilities`, `man 2 PR_SET_NO_NEW_PRIVS`).
 */
export function maySudoGive(status: string): boolean {
  if (/^NoNewPrivs:\s*1$/m.test(status)) return false;
  if (!status.includes("CapBnd:")) return true;
  const isWithin = (bit: number) => hasCapability(status, bit, "CapBnd");
  return isWithin(CAP_SYS_ADMIN) || Object.values(CAPABILITIES).every(isWithin);
}

/** True when `/proc/self/status` or `limits` says that this process may let its threads run before those of others. */
export function mayRunFirst(status: string, limits: string): boolean {
  const nice = /^Max nice priority\s+(\w+)/m.exec(limits)?.[1] ?? "0";
  return hasCapability(status, CAP_SYS_NICE) || nice === "unlimited" || Number(nice) >= BEST_NICE_LIMIT;
}

/** Whether a capability is in one of the sets of `/proc/self/status`, by default that of those in effect. */
function hasCapability(status: string, bit: number, set: "CapEff" | "CapBnd" = "CapEff"): boolean {
  const bits = BigInt("0x" + (new RegExp(`^${set}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0"));
  return (bits >> BigInt(bit) & 1n) === 1n;
}

/** The running kernel's type information: a name in it exists. */
export class KernelTypes implements Disposable {
  readonly #files: SpecialFiles;
  readonly #types: SpecialBytes;

  /** @throws {IorError} `unsupported` when the kernel has none. */
  constructor(files: SpecialFiles) {
    const types = files.openSpecialFile(BTF_PATH);
    if (types === null && files.readSpecialText(SYSFS_FILE) === null) {
      throw new IorError("unsupported", `Cannot trace: /sys is not mounted, where ${BTF_PATH} is`, {
        hint: "Mount it: mount -t sysfs sysfs /sys",
      });
    }
    if (types === null) {
      throw new IorError(
        "unsupported",
        `Cannot trace: the kernel has no type information, ${BTF_PATH} is missing`,
        {
          hint:
            "Use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of Debian 11, Ubuntu 20.10 and newer are",
        },
      );
    }
    this.#files = files;
    this.#types = types;
  }

  /** True when a function that programs may call, or the type of a tracepoint, exists. */
  has(name: string): boolean {
    return this.#files.contains(this.#types.bytes, new TextEncoder().encode(`\0${name}\0`));
  }

  [Symbol.dispose](): void {
    this.#types[Symbol.dispose]();
  }
}

/**
 * Whether the kernel may preempt programs at tracepoints, which it does since 7.0, and lets them prevent that.
 *
 * @param release As `uname -r` says it.
 */
export function preemptsPrograms(release: string, types: Pick<KernelTypes, "has">): boolean {
  return Number.parseInt(release) >= 7 && types.has("bpf_preempt_disable");
}

/** Inode of ior's pid namespace, 0 for the initial one, whose numbers the kernel side reads directly. */
export function pidNamespace(files: SpecialFiles): number {
  return namespace(files, "pid", INITIAL_PID_NAMESPACE);
}

/** True in a user namespace that is not the initial one: its capabilities do not count for programs in the kernel. */
export function isInUserNamespace(files: SpecialFiles): boolean {
  return namespace(files, "user", INITIAL_USER_NAMESPACE) !== 0;
}

/** Inode of a namespace of this process, 0 for the initial one and when it cannot be read. */
function namespace(files: SpecialFiles, kind: string, initial: number): number {
  const inode = Number(/\[(\d+)\]/.exec(files.readSpecialLink(`/proc/self/ns/${kind}`) ?? "")?.[1] ?? 0);
  return inode === initial ? 0 : inode;
}

/** Largest thread number the kernel gives out, plus one. */
export function pidMax(files: SpecialFiles): number {
  return Number(files.readSpecialText("/proc/sys/kernel/pid_max") ?? 0) || PID_MAX_LIMIT;
}

/** CPUs at work now; 1 when the kernel does not say. */
export function onlineCpus(files: SpecialFiles): number {
  const ranges = (files.readSpecialText("/sys/devices/system/cpu/online") ?? "0").trim().split(",");
  return ranges.reduce((sum, range) => {
    const [first, last = first] = range.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** The kernel's number of its start: another one whenever the machine starts. `null` when it is not to be had. */
export function bootId(files: SpecialFiles): string | null {
  return files.readSpecialText("/proc/sys/kernel/random/boot_id")?.trim() || null;
}

/** How far this process's boot clock is ahead of the host's, nanoseconds: nonzero only in a time namespace. */
export function bootClockOffsetNs(files: SpecialFiles): bigint {
  const offsets = files.readSpecialText("/proc/self/timens_offsets") ?? "";
  const match = /^boottime\s+(-?\d+)\s+(\d+)$/m.exec(offsets);
  return match ? BigInt(match[1]) * 1_000_000_000n + BigInt(match[2]) : 0n;
}

/** Whether the processor loads in the order of the program. */
const LOADS_IN_ORDER = Deno.build.arch === "x86_64";

/**
 * An element of memory that the kernel writes meanwhile, loaded before whatever is loaded after it. An atomic load does that
 * everywhere, and costs a call of the runtime: 10 ns, for each record and bucket.
 */
export function loadInOrder(memory: Int32Array, at: number): number {
  return LOADS_IN_ORDER ? memory[at] : Atomics.load(memory, at);
}
