import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const security = callsOf("Security");

/** Identities, capabilities, keys, security modules, sandboxes. */
export const SECURITY_CALLS: readonly Syscall[] = [
  security(102, 174, "getuid", ""),
  security(107, 175, "geteuid", ""),
  security(104, 176, "getgid", ""),
  security(108, 177, "getegid", ""),
  security(118, 148, "getresuid", ""),
  security(120, 150, "getresgid", ""),
  security(115, 158, "getgroups", ""),
  security(105, 146, "setuid", ""),
  security(106, 144, "setgid", ""),
  security(113, 145, "setreuid", ""),
  security(114, 143, "setregid", ""),
  security(117, 147, "setresuid", ""),
  security(119, 149, "setresgid", ""),
  security(122, 151, "setfsuid", ""),
  security(123, 152, "setfsgid", ""),
  security(116, 159, "setgroups", ""),
  security(125, 90, "capget", ""),
  security(126, 91, "capset", ""),

  security(248, 217, "add_key", ""),
  security(249, 218, "request_key", ""),
  security(250, 219, "keyctl", ""),

  // Returns a descriptor for one of its flags only.
  security(317, 277, "seccomp", "", ["-", "made_if"], { returns: "fd" }),
  security(444, 444, "landlock_create_ruleset", "create", ["made_if"], { returns: "fd" }),
  security(445, 445, "landlock_add_rule", "", ["fd"]),
  security(446, 446, "landlock_restrict_self", "", ["fd"]),
  security(459, 459, "lsm_get_self_attr", ""),
  security(460, 460, "lsm_set_self_attr", ""),
  security(461, 461, "lsm_list_modules", ""),
];
