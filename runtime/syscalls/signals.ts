import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const signals = callsOf("Signals");

/** Sending, catching and waiting for signals. */
export const SIGNALS_CALLS: readonly Syscall[] = [
  signals(13, 134, "rt_sigaction", "other"),
  signals(14, 135, "rt_sigprocmask", "other"),
  // It returns to what the signal interrupted; its return value is a register of that.
  signals(15, 139, "rt_sigreturn", "noreturn", [], { returns: "none" }),
  signals(127, 136, "rt_sigpending", "other"),
  signals(128, 137, "rt_sigtimedwait", "wait"),
  signals(130, 133, "rt_sigsuspend", "wait"),
  signals(34, null, "pause", "wait"),
  signals(131, 132, "sigaltstack", "other"),
  signals(62, 129, "kill", "other"),
  signals(200, 130, "tkill", "other"),
  signals(234, 131, "tgkill", "other"),
  signals(129, 138, "rt_sigqueueinfo", "other"),
  signals(297, 240, "rt_tgsigqueueinfo", "other"),
  signals(424, 424, "pidfd_send_signal", "fd", ["fd"]),
  signals(282, null, "signalfd", "open", ["anon_fd"], { returns: "fd" }),
  signals(289, 74, "signalfd4", "open", ["anon_fd"], { returns: "fd" }),
];
