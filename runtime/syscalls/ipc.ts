import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const ipc = callsOf("IPC");

/** Pipes, event descriptors, message queues, semaphores, shared memory, futexes. */
export const IPC_CALLS: readonly Syscall[] = [
  ipc(22, null, "pipe", "create"),
  ipc(293, 59, "pipe2", "create"),
  ipc(284, null, "eventfd", "create", [], { returns: "fd" }),
  ipc(290, 19, "eventfd2", "create", [], { returns: "fd" }),

  // A POSIX queue's name is not a path: it has a name space of its own.
  ipc(240, 180, "mq_open", "open", [], { returns: "fd" }),
  ipc(241, 181, "mq_unlink", "delete"),
  ipc(242, 182, "mq_timedsend", "write wait", ["fd"]),
  ipc(243, 183, "mq_timedreceive", "read wait", ["fd", "-", "size"], { bytes: "read" }),
  ipc(244, 184, "mq_notify", "", ["fd"]),
  ipc(245, 185, "mq_getsetattr", "", ["fd"]),

  ipc(68, 186, "msgget", ""),
  ipc(69, 189, "msgsnd", "write wait"),
  ipc(70, 188, "msgrcv", "read wait", ["-", "-", "size"], { bytes: "read" }),
  ipc(71, 187, "msgctl", ""),
  ipc(64, 190, "semget", ""),
  ipc(65, 193, "semop", "wait"),
  ipc(220, 192, "semtimedop", "wait"),
  ipc(66, 191, "semctl", ""),
  ipc(29, 194, "shmget", ""),
  ipc(30, 196, "shmat", "map"),
  ipc(67, 197, "shmdt", "map"),
  ipc(31, 195, "shmctl", ""),

  ipc(202, 98, "futex", "wait"),
  ipc(449, 449, "futex_waitv", "wait"),
  ipc(455, 455, "futex_wait", "wait"),
  ipc(454, 454, "futex_wake", ""),
  ipc(456, 456, "futex_requeue", ""),
  ipc(273, 99, "set_robust_list", ""),
  ipc(274, 100, "get_robust_list", ""),
];
