import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const polling = callsOf("Polling");

/** Waiting for descriptors to become ready. */
export const POLLING_CALLS: readonly Syscall[] = [
  // These four wait for a set of descriptors, so there is no single one to name.
  polling(7, null, "poll", "wait"),
  polling(271, 73, "ppoll", "wait"),
  polling(23, null, "select", "wait"),
  polling(270, 72, "pselect6", "wait", [], { aliases: ["pselect"] }),

  polling(213, null, "epoll_create", "create", [], { returns: "fd" }),
  polling(291, 20, "epoll_create1", "create", [], { returns: "fd" }),
  polling(233, 21, "epoll_ctl", "", ["fd"]),
  polling(232, null, "epoll_wait", "wait", ["fd"]),
  polling(281, 22, "epoll_pwait", "wait", ["fd"]),
  polling(441, 441, "epoll_pwait2", "wait", ["fd"]),
  // No current kernel has these two; their numbers stay reserved.
  polling(214, null, "epoll_ctl_old", ""),
  polling(215, null, "epoll_wait_old", ""),
];
