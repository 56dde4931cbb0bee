import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const time = callsOf("Time");

/** Clocks, sleeping and timers. */
export const TIME_CALLS: readonly Syscall[] = [
  time(35, 101, "nanosleep", "wait"),
  time(230, 115, "clock_nanosleep", "wait"),
  time(227, 112, "clock_settime", ""),
  time(228, 113, "clock_gettime", ""),
  time(229, 114, "clock_getres", ""),
  time(305, 266, "clock_adjtime", ""),
  time(159, 171, "adjtimex", ""),
  time(96, 169, "gettimeofday", ""),
  time(164, 170, "settimeofday", ""),
  time(201, null, "time", ""),
  time(100, 153, "times", ""),
  time(37, null, "alarm", ""),
  time(36, 102, "getitimer", ""),
  time(38, 103, "setitimer", ""),
  time(222, 107, "timer_create", ""),
  time(223, 110, "timer_settime", ""),
  time(224, 108, "timer_gettime", ""),
  time(225, 109, "timer_getoverrun", ""),
  time(226, 111, "timer_delete", ""),
  time(283, 85, "timerfd_create", "create", [], { returns: "fd" }),
  time(286, 86, "timerfd_settime", "", ["fd"]),
  time(287, 87, "timerfd_gettime", "", ["fd"]),
];
