import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const security = callsOf("Security");

/** Identities, capabilities, keys, security modules, sandboxes. */
export const SECURITY_CALLS: readonly Syscall[] = [
  security(102, 174, "getuid", "other"),
  security(107, 175, "geteuid", "other"),
  security(104, 176, "getgid", "other"),
  security(108, 177, "getegid", "other"),
  security(118, 148, "getresuid", "other"),
  security(120, 150, "getresgid", "other"),
  security(115, 158, "getgroups", "other"),
  security(105, 146, "setuid", "other"),
  security(106, 144, "setgid", "other"),
  security(113, 145, "setreuid", "other"),
  security(114, 143, "setregid", "other"),
  security(117, 147, "setresuid", "other"),
  security(119, 149, "setresgid", "other"),
  security(122, 151, "setfsuid", "other"),
  security(123, 152, "setfsgid", "other"),
  security(116, 159, "setgroups", "other"),
  security(125, 90, "capget", "other"),
  security(126, 91, "capset", "other"),

  security(248, 217, "add_key", "other"),
  security(249, 218, "request_key", "other"),
  security(250, 219, "keyctl", "other"),

  // Returns a descriptor for one of its flags only.
  security(317, 277, "seccomp", "other", ["-", "made_if"], { returns: "fd" }),
  security(444, 444, "landlock_create_ruleset", "open", ["made_if"], { returns: "fd" }),
  security(445, 445, "landlock_add_rule", "fd", ["fd"]),
  security(446, 446, "landlock_restrict_self", "fd", ["fd"]),
  security(459, 459, "lsm_get_self_attr", "other"),
  security(460, 460, "lsm_set_self_attr", "other"),
  security(461, 461, "lsm_list_modules", "other"),
];
