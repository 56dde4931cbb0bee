import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const signals = callsOf("Signals");

/** Sending, catching and waiting for signals. */
export const SIGNALS_CALLS: readonly Syscall[] = [
  signals(13, 134, "rt_sigaction", "signal"),
  signals(14, 135, "rt_sigprocmask", "signal"),
  // It returns to the interrupted code; its return value is a register of that code.
  signals(15, 139, "rt_sigreturn", "signal", [], { returns: "none" }),
  signals(127, 136, "rt_sigpending", "signal"),
  signals(128, 137, "rt_sigtimedwait", "wait signal"),
  signals(130, 133, "rt_sigsuspend", "wait signal"),
  signals(34, null, "pause", "wait signal"),
  signals(131, 132, "sigaltstack", "signal"),
  signals(62, 129, "kill", "signal"),
  signals(200, 130, "tkill", "signal"),
  signals(234, 131, "tgkill", "signal"),
  signals(129, 138, "rt_sigqueueinfo", "signal"),
  signals(297, 240, "rt_tgsigqueueinfo", "signal"),
  signals(424, 424, "pidfd_send_signal", "signal", ["fd"]),
  signals(282, null, "signalfd", "create", ["anon_fd"], { returns: "fd" }),
  signals(289, 74, "signalfd4", "create", ["anon_fd"], { returns: "fd" }),
];
