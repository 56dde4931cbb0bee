import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const sched = callsOf("Sched");

/** Which task runs where, when and with what priority. */
export const SCHED_CALLS: readonly Syscall[] = [
  sched(24, 124, "sched_yield", "other"),
  sched(142, 118, "sched_setparam", "other"),
  sched(143, 121, "sched_getparam", "other"),
  sched(144, 119, "sched_setscheduler", "other"),
  sched(145, 120, "sched_getscheduler", "other"),
  sched(146, 125, "sched_get_priority_max", "other"),
  sched(147, 126, "sched_get_priority_min", "other"),
  sched(148, 127, "sched_rr_get_interval", "other"),
  sched(203, 122, "sched_setaffinity", "other"),
  sched(204, 123, "sched_getaffinity", "other"),
  sched(314, 274, "sched_setattr", "other"),
  sched(315, 275, "sched_getattr", "other"),
  sched(140, 141, "getpriority", "other"),
  sched(141, 140, "setpriority", "other"),
  sched(251, 30, "ioprio_set", "other"),
  sched(252, 31, "ioprio_get", "other"),
  sched(309, 168, "getcpu", "other"),
  sched(324, 283, "membarrier", "other"),
  sched(334, 293, "rseq", "other"),
  sched(471, 471, "rseq_slice_yield", "other"),
];
