import { IorError } from "../runtime/errors.ts";
import { isRequest, REQUEST_PREFIX, URING_REQUESTS } from "../runtime/syscalls/aio.ts";
import { type Arch, type Syscall, syscallNumber } from "../runtime/syscalls/mod.ts";
import { Libc } from "./ffi/libc.ts";
import { KernelTypes, machineArch, type SpecialFiles } from "./machine.ts";

const SYMBOLS_PATH = "/proc/kallsyms";

/** How the functions of system calls are named (`include/asm/syscall_wrapper.h` of each architecture). */
const PREFIXES: Readonly<Record<Arch, string>> = { x86_64: "__x64_sys_", aarch64: "__arm64_sys_" };

/** Numbers that lead nowhere, although the kernel may have the function, for 32-bit programs (`syscall_64.tbl`). */
const WITHOUT_ENTRY: Readonly<Record<Arch, readonly string[]>> = {
  x86_64: ["get_thread_area", "set_thread_area", "uselib"],
  aarch64: [],
};

/** How the kernel's types name the operations of io_uring (`linux/io_uring.h`), and the call without which there are none. */
const OPERATION_PREFIX = "IORING_OP_";
const RING_CALL = "io_uring_setup";

/**
 * Whether a system call is there: a number of the architecture, and a function of the running kernel. A request to io_uring is
 * there when the kernel's types have its operation.
 */
export interface CallPresence {
  /** `null` when it cannot be told. */
  isThere: boolean | null;
  /** Why it is not there, or cannot be told; `null` when it is there. */
  reason: string | null;
}

/** Says of each system call whether the running kernel has it. No call is made to find out, and no privilege is needed. */
export function kernelCalls(): (call: Syscall) => CallPresence {
  const libc = Libc.open();
  return kernelCallsOf(libc, machineArch());
}

/**
 * The same, by the kernel's list of symbols. A call that was left out when the kernel was built has no function, or a weak
 * one that returns ENOSYS (COND_SYSCALL in `kernel/sys_ni.c`), which the list shows with the type `W`. Names are in the
 * list for everybody; only the addresses are hidden from those who may not see them.
 */
export function kernelCallsOf(
  files: SpecialFiles,
  arch: Arch,
): (call: Syscall) => CallPresence {
  const functions = callFunctions(files.readSpecialText(SYMBOLS_PATH) ?? "", PREFIXES[arch]);
  let requests: ReadonlySet<string> | null = null;
  return (call) => {
    if (syscallNumber(arch, call) === null) return { isThere: false, reason: `${arch} has no such call` };
    if (functions.size === 0) {
      return { isThere: null, reason: `${SYMBOLS_PATH} does not list the kernel's calls` };
    }
    if (isRequest(call.name)) {
      if (functions.get(RING_CALL) !== true) return { isThere: false, reason: "this kernel has no io_uring" };
      requests ??= requestsIn(files);
      if (requests.has(call.name)) return { isThere: true, reason: null };
      return requests.size === 0
        ? { isThere: null, reason: "the kernel's types do not list its requests" }
        : { isThere: false, reason: "this kernel has no such request" };
    }
    const isBuilt = !WITHOUT_ENTRY[arch].includes(call.name) &&
      [call.name, ...call.aliases].some((name) => functions.get(name) === true);
    return isBuilt
      ? { isThere: true, reason: null }
      : { isThere: false, reason: "this kernel has no such call" };
  };
}

/** The names of the requests to io_uring of which the kernel's types have the operation; none where they list no operations. */
function requestsIn(files: SpecialFiles): ReadonlySet<string> {
  try {
    using types = new KernelTypes(files);
    const operation = (name: string) => OPERATION_PREFIX + name.slice(REQUEST_PREFIX.length);
    return new Set(URING_REQUESTS.map(({ name }) => name).filter((name) => types.has(operation(name))));
  } catch (error) {
    if (!(error instanceof IorError)) throw error;
    return new Set();
  }
}

/** The functions of calls by the name of the call, and whether each is more than a weak stand-in. */
function callFunctions(symbols: string, prefix: string): Map<string, boolean> {
  const found = symbols.matchAll(new RegExp(`^[0-9a-f]+ (\\w) ${prefix}(\\w+)$`, "gm"));
  return new Map(Array.from(found, ([, type, name]) => [name, type.toUpperCase() !== "W"]));
}
