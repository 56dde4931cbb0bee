import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const network = callsOf("Network");

/** Sockets. */
export const NETWORK_CALLS: readonly Syscall[] = [
  network(41, 198, "socket", "create", [], { returns: "fd" }),
  network(53, 199, "socketpair", "create"),
  // The row names the new connection, not the listening socket.
  network(43, 202, "accept", "connect", [], { returns: "fd" }),
  network(288, 242, "accept4", "connect", [], { returns: "fd" }),
  network(49, 200, "bind", "connect", ["fd"]),
  network(50, 201, "listen", "connect", ["fd"]),
  network(42, 203, "connect", "connect", ["fd"]),
  network(48, 210, "shutdown", "connect", ["fd"]),
  network(51, 204, "getsockname", "", ["fd"]),
  network(52, 205, "getpeername", "", ["fd"]),
  network(54, 208, "setsockopt", "", ["fd"]),
  network(55, 209, "getsockopt", "", ["fd"]),
  network(45, 207, "recvfrom", "read", ["fd", "-", "size", "msg_flags"], { bytes: "read" }),
  network(47, 212, "recvmsg", "read", ["fd", "msg", "msg_flags"], { bytes: "read" }),
  network(299, 243, "recvmmsg", "read", ["fd"]),
  // Sending ignores MSG_PEEK and MSG_TRUNC, so the flags of these two must not change the bytes.
  network(44, 206, "sendto", "write", ["fd", "-", "size"], { bytes: "write" }),
  network(46, 211, "sendmsg", "write", ["fd", "msg"], { bytes: "write" }),
  network(307, 269, "sendmmsg", "write", ["fd"]),
];
