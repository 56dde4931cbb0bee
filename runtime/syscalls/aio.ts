import { callsOf, type KindList } from "./call.ts";
import type { ByteClass, ReturnRole, Syscall } from "./types.ts";

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

/** Number of the first operation of io_uring among those of calls: no architecture has calls there. */
export const URING_FIRST = 900;

/** What names of requests begin with. */
export const REQUEST_PREFIX = "io_uring:";

/** True for the name of a request to io_uring, which is no system call. */
export function isRequest(name: string): boolean {
  return name.startsWith(REQUEST_PREFIX);
}

/** Makes the row of an operation: `fd` says that it works on a descriptor, or on a registered file. */
function request(
  op: number,
  name: string,
  kinds: KindList,
  on: "fd" | "" = "",
  extras: { bytes?: ByteClass; returns?: ReturnRole } = {},
): Syscall {
  const nr = URING_FIRST + op;
  const aliases = [REQUEST_PREFIX + name.toLowerCase()];
  return aio(nr, nr, REQUEST_PREFIX + name, kinds, on === "" ? [] : ["fd"], { aliases, ...extras });
}

/**
 * Requests to io_uring, by the operation (`IORING_OP_` in `linux/io_uring.h`): no system calls, but rows like them, from
 * the submit to the completion. An accept and an open show the descriptor they make. A copy shows only the file it
 * writes to, and its bytes are written: what it reads from is not known.
 */
export const URING_REQUESTS: readonly Syscall[] = [
  request(0, "NOP", ""),
  request(1, "READV", "read", "fd", { bytes: "read" }),
  request(2, "WRITEV", "write", "fd", { bytes: "write" }),
  request(3, "FSYNC", "sync", "fd"),
  request(4, "READ_FIXED", "read", "fd", { bytes: "read" }),
  request(5, "WRITE_FIXED", "write", "fd", { bytes: "write" }),
  request(6, "POLL_ADD", "wait", "fd"),
  request(7, "POLL_REMOVE", ""),
  request(8, "SYNC_FILE_RANGE", "sync", "fd"),
  request(9, "SENDMSG", "write", "fd", { bytes: "write" }),
  request(10, "RECVMSG", "read", "fd", { bytes: "read" }),
  request(11, "TIMEOUT", "wait"),
  request(12, "TIMEOUT_REMOVE", ""),
  request(13, "ACCEPT", "connect", "", { returns: "fd" }),
  request(14, "ASYNC_CANCEL", ""),
  request(15, "LINK_TIMEOUT", "wait"),
  request(16, "CONNECT", "connect", "fd"),
  request(17, "FALLOCATE", "resize", "fd"),
  request(18, "OPENAT", "open", "", { returns: "fd" }),
  request(19, "CLOSE", "close", "fd"),
  request(20, "FILES_UPDATE", ""),
  request(21, "STATX", "stat"),
  request(22, "READ", "read", "fd", { bytes: "read" }),
  request(23, "WRITE", "write", "fd", { bytes: "write" }),
  request(24, "FADVISE", "cache", "fd"),
  request(25, "MADVISE", ""),
  request(26, "SEND", "write", "fd", { bytes: "write" }),
  request(27, "RECV", "read", "fd", { bytes: "read" }),
  request(28, "OPENAT2", "open", "", { returns: "fd" }),
  request(29, "EPOLL_CTL", ""),
  request(30, "SPLICE", "copy", "fd", { bytes: "write" }),
  request(31, "PROVIDE_BUFFERS", ""),
  request(32, "REMOVE_BUFFERS", ""),
  request(33, "TEE", "copy", "fd", { bytes: "write" }),
  request(34, "SHUTDOWN", "connect", "fd"),
  request(35, "RENAMEAT", "rename"),
  request(36, "UNLINKAT", "delete"),
  request(37, "MKDIRAT", "create"),
  request(38, "SYMLINKAT", "link"),
  request(39, "LINKAT", "link"),
  request(40, "MSG_RING", "", "fd"),
  request(41, "FSETXATTR", "attribute", "fd"),
  request(42, "SETXATTR", "attribute"),
  request(43, "FGETXATTR", "attribute", "fd"),
  request(44, "GETXATTR", "attribute"),
  request(45, "SOCKET", "create", "", { returns: "fd" }),
  request(46, "URING_CMD", "control", "fd"),
  request(47, "SEND_ZC", "write", "fd", { bytes: "write" }),
  request(48, "SENDMSG_ZC", "write", "fd", { bytes: "write" }),
  request(49, "READ_MULTISHOT", "read", "fd", { bytes: "read" }),
  request(50, "WAITID", "wait"),
  request(51, "FUTEX_WAIT", "wait"),
  request(52, "FUTEX_WAKE", ""),
  request(53, "FUTEX_WAITV", "wait"),
  request(54, "FIXED_FD_INSTALL", "", "", { returns: "fd" }),
  request(55, "FTRUNCATE", "resize", "fd"),
  request(56, "BIND", "connect", "fd"),
  request(57, "LISTEN", "connect", "fd"),
  request(58, "RECV_ZC", "read", "fd", { bytes: "read" }),
  request(59, "EPOLL_WAIT", "wait", "fd"),
  request(60, "READV_FIXED", "read", "fd", { bytes: "read" }),
  request(61, "WRITEV_FIXED", "write", "fd", { bytes: "write" }),
  request(62, "PIPE", "create"),
];
