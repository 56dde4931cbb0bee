import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const sched = callsOf("Sched");

/** Which task runs where, when and with what priority. */
export const SCHED_CALLS: readonly Syscall[] = [
  sched(24, 124, "sched_yield", ""),
  sched(142, 118, "sched_setparam", ""),
  sched(143, 121, "sched_getparam", ""),
  sched(144, 119, "sched_setscheduler", ""),
  sched(145, 120, "sched_getscheduler", ""),
  sched(146, 125, "sched_get_priority_max", ""),
  sched(147, 126, "sched_get_priority_min", ""),
  sched(148, 127, "sched_rr_get_interval", ""),
  sched(203, 122, "sched_setaffinity", ""),
  sched(204, 123, "sched_getaffinity", ""),
  sched(314, 274, "sched_setattr", ""),
  sched(315, 275, "sched_getattr", ""),
  sched(140, 141, "getpriority", ""),
  sched(141, 140, "setpriority", ""),
  sched(251, 30, "ioprio_set", ""),
  sched(252, 31, "ioprio_get", ""),
  sched(309, 168, "getcpu", ""),
  sched(324, 283, "membarrier", ""),
  sched(334, 293, "rseq", ""),
  sched(471, 471, "rseq_slice_yield", ""),
];
