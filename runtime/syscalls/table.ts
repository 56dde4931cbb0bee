import { AIO_CALLS, URING_REQUESTS } from "./aio.ts";
import { FS_CALLS } from "./fs.ts";
import { IPC_CALLS } from "./ipc.ts";
import { MEMORY_CALLS } from "./memory.ts";
import { MISC_CALLS } from "./misc.ts";
import { NETWORK_CALLS } from "./network.ts";
import { POLLING_CALLS } from "./polling.ts";
import { PROCESS_CALLS } from "./process.ts";
import { SCHED_CALLS } from "./sched.ts";
import { SECURITY_CALLS } from "./security.ts";
import { SIGNALS_CALLS } from "./signals.ts";
import { TIME_CALLS } from "./time.ts";
import type { Syscall } from "./types.ts";

/**
 * Every system call of 64-bit x86 and arm64 Linux, by family in the order of `FAMILIES`. Calls that some kernels or
 * one of the architectures lack are included. Behind them the requests to io_uring, which have rows as calls do.
 */
export const SYSCALLS: readonly Syscall[] = [
  ...FS_CALLS,
  ...NETWORK_CALLS,
  ...MEMORY_CALLS,
  ...SIGNALS_CALLS,
  ...SCHED_CALLS,
  ...IPC_CALLS,
  ...TIME_CALLS,
  ...PROCESS_CALLS,
  ...SECURITY_CALLS,
  ...POLLING_CALLS,
  ...AIO_CALLS,
  ...MISC_CALLS,
  ...URING_REQUESTS,
];
