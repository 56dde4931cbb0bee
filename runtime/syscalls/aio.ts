import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const aio = callsOf("AIO");

/** Asynchronous I/O: the old queues and io_uring. */
export const AIO_CALLS: readonly Syscall[] = [
  aio(206, 0, "io_setup", ""),
  aio(207, 1, "io_destroy", ""),
  aio(209, 2, "io_submit", ""),
  aio(210, 3, "io_cancel", ""),
  aio(208, 4, "io_getevents", "wait"),
  aio(333, 292, "io_pgetevents", "wait"),
  aio(425, 425, "io_uring_setup", "create", [], { returns: "fd" }),
  aio(426, 426, "io_uring_enter", "", ["fd", "-", "-", "index_if"]),
  aio(427, 427, "io_uring_register", "", ["fd", "index_if"]),
];
