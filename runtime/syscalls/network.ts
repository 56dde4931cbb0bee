import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const network = callsOf("Network");

/** Sockets. */
export const NETWORK_CALLS: readonly Syscall[] = [
  network(41, 198, "socket", "open", [], { returns: "fd" }),
  network(53, 199, "socketpair", "pair"),
  // The row names the new connection, not the socket that listens.
  network(43, 202, "accept", "open", [], { returns: "fd" }),
  network(288, 242, "accept4", "open", [], { returns: "fd" }),
  network(49, 200, "bind", "fd", ["fd"]),
  network(50, 201, "listen", "fd", ["fd"]),
  network(42, 203, "connect", "fd", ["fd"]),
  network(48, 210, "shutdown", "fd", ["fd"]),
  network(51, 204, "getsockname", "fd", ["fd"]),
  network(52, 205, "getpeername", "fd", ["fd"]),
  network(54, 208, "setsockopt", "fd", ["fd"]),
  network(55, 209, "getsockopt", "fd", ["fd"]),
  network(45, 207, "recvfrom", "read", ["fd", "-", "size", "msg_flags"], { bytes: "read" }),
  network(47, 212, "recvmsg", "read", ["fd", "msg", "msg_flags"], { bytes: "read" }),
  network(299, 243, "recvmmsg", "read", ["fd"]),
  // Sending ignores MSG_PEEK and MSG_TRUNC, so the flags of these two must not change the bytes.
  network(44, 206, "sendto", "write", ["fd", "-", "size"], { bytes: "write" }),
  network(46, 211, "sendmsg", "write", ["fd", "msg"], { bytes: "write" }),
  network(307, 269, "sendmmsg", "write", ["fd"]),
];
