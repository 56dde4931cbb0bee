import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const time = callsOf("Time");

/** Clocks, sleeping and timers. */
export const TIME_CALLS: readonly Syscall[] = [
  time(35, 101, "nanosleep", "wait"),
  time(230, 115, "clock_nanosleep", "wait"),
  time(227, 112, "clock_settime", "other"),
  time(228, 113, "clock_gettime", "other"),
  time(229, 114, "clock_getres", "other"),
  time(305, 266, "clock_adjtime", "other"),
  time(159, 171, "adjtimex", "other"),
  time(96, 169, "gettimeofday", "other"),
  time(164, 170, "settimeofday", "other"),
  time(201, null, "time", "other"),
  time(100, 153, "times", "other"),
  time(37, null, "alarm", "other"),
  time(36, 102, "getitimer", "other"),
  time(38, 103, "setitimer", "other"),
  time(222, 107, "timer_create", "other"),
  time(223, 110, "timer_settime", "other"),
  time(224, 108, "timer_gettime", "other"),
  time(225, 109, "timer_getoverrun", "other"),
  time(226, 111, "timer_delete", "other"),
  time(283, 85, "timerfd_create", "open", [], { returns: "fd" }),
  time(286, 86, "timerfd_settime", "fd", ["fd"]),
  time(287, 87, "timerfd_gettime", "fd", ["fd"]),
];
