import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const misc = callsOf("Misc");

/** The machine as a whole, modules, tracing, and what fits nowhere else. */
export const MISC_CALLS: readonly Syscall[] = [
  misc(318, 278, "getrandom", "other", ["-", "size"], { bytes: "read" }),
  misc(63, 160, "uname", "other", [], { aliases: ["newuname"] }),
  misc(99, 179, "sysinfo", "other"),
  misc(103, 116, "syslog", "other"),
  misc(170, 161, "sethostname", "other"),
  misc(171, 162, "setdomainname", "other"),
  misc(153, 58, "vhangup", "other"),
  misc(169, 142, "reboot", "other"),
  misc(172, null, "iopl", "other"),
  misc(173, null, "ioperm", "other"),
  misc(219, 128, "restart_syscall", "other"),

  misc(246, 104, "kexec_load", "other"),
  misc(320, 294, "kexec_file_load", "fd", ["fd"]),
  misc(175, 105, "init_module", "other"),
  misc(313, 273, "finit_module", "fd", ["fd"]),
  misc(176, 106, "delete_module", "other"),

  misc(298, 241, "perf_event_open", "open", [], { returns: "fd" }),
  // Returns a descriptor for some of its commands only.
  misc(321, 280, "bpf", "other", ["made_by"], { returns: "fd" }),
  misc(335, null, "uretprobe", "other"),
  misc(336, null, "uprobe", "other"),

  // No kernel of today has these; their numbers stay taken.
  misc(156, null, "_sysctl", "other", [], { aliases: ["sysctl"] }),
  misc(174, null, "create_module", "other"),
  misc(177, null, "get_kernel_syms", "other"),
  misc(178, null, "query_module", "other"),
  misc(181, null, "getpmsg", "other"),
  misc(182, null, "putpmsg", "other"),
  misc(183, null, "afs_syscall", "other"),
  misc(184, null, "tuxcall", "other"),
  misc(185, null, "security", "other"),
  misc(236, null, "vserver", "other"),
];
