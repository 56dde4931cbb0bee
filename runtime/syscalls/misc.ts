import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const misc = callsOf("Misc");

/** The machine as a whole, modules, tracing, and what fits nowhere else. */
export const MISC_CALLS: readonly Syscall[] = [
  misc(318, 278, "getrandom", "read", ["-", "size"], { bytes: "read" }),
  misc(63, 160, "uname", "", [], { aliases: ["newuname"] }),
  misc(99, 179, "sysinfo", ""),
  misc(103, 116, "syslog", ""),
  misc(170, 161, "sethostname", ""),
  misc(171, 162, "setdomainname", ""),
  misc(153, 58, "vhangup", ""),
  misc(169, 142, "reboot", ""),
  misc(172, null, "iopl", ""),
  misc(173, null, "ioperm", ""),
  misc(219, 128, "restart_syscall", ""),

  misc(246, 104, "kexec_load", ""),
  misc(320, 294, "kexec_file_load", "", ["fd"]),
  misc(175, 105, "init_module", ""),
  misc(313, 273, "finit_module", "", ["fd"]),
  misc(176, 106, "delete_module", ""),

  misc(298, 241, "perf_event_open", "create", [], { returns: "fd" }),
  // Returns a descriptor for some commands only.
  misc(321, 280, "bpf", "", ["made_by"], { returns: "fd" }),
  misc(335, null, "uretprobe", ""),
  misc(336, null, "uprobe", ""),

  // No current kernel has these; their numbers stay reserved.
  misc(156, null, "_sysctl", "", [], { aliases: ["sysctl"] }),
  misc(174, null, "create_module", ""),
  misc(177, null, "get_kernel_syms", ""),
  misc(178, null, "query_module", ""),
  misc(181, null, "getpmsg", ""),
  misc(182, null, "putpmsg", ""),
  misc(183, null, "afs_syscall", ""),
  misc(184, null, "tuxcall", ""),
  misc(185, null, "security", ""),
  misc(236, null, "vserver", ""),
];
