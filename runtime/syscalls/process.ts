import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const process = callsOf("Process");

/** Life of tasks: starting, ending, waiting, groups, limits, namespaces, inspection. */
export const PROCESS_CALLS: readonly Syscall[] = [
  process(57, null, "fork", "other"),
  process(58, null, "vfork", "other"),
  process(56, 220, "clone", "other"),
  process(435, 435, "clone3", "other"),
  process(59, 221, "execve", "path", ["path"]),
  process(322, 281, "execveat", "path", ["dir", "path", "-", "-", "at_flags"]),
  process(134, null, "uselib", "path", ["path"]),
  process(60, 93, "exit", "noreturn", [], { returns: "none" }),
  process(231, 94, "exit_group", "noreturn", [], { returns: "none" }),
  process(61, 260, "wait4", "wait"),
  process(247, 95, "waitid", "wait"),

  process(39, 172, "getpid", "other"),
  process(110, 173, "getppid", "other"),
  process(186, 178, "gettid", "other"),
  process(111, null, "getpgrp", "other"),
  process(121, 155, "getpgid", "other"),
  process(109, 154, "setpgid", "other"),
  process(124, 156, "getsid", "other"),
  process(112, 157, "setsid", "other"),
  process(218, 96, "set_tid_address", "other"),

  process(97, 163, "getrlimit", "other"),
  process(160, 164, "setrlimit", "other"),
  process(302, 261, "prlimit64", "other", [], { aliases: ["prlimit"] }),
  process(98, 165, "getrusage", "other"),

  process(157, 167, "prctl", "other"),
  process(158, null, "arch_prctl", "other"),
  process(135, 92, "personality", "other", [], { aliases: ["arm64_personality"] }),
  process(205, null, "set_thread_area", "other"),
  process(211, null, "get_thread_area", "other"),
  process(154, null, "modify_ldt", "other"),
  process(101, 117, "ptrace", "other"),
  process(312, 272, "kcmp", "other"),

  process(434, 434, "pidfd_open", "open", [], { returns: "fd" }),
  process(438, 438, "pidfd_getfd", "dup", ["fd"]),
  process(308, 268, "setns", "fd", ["fd"]),
  process(272, 97, "unshare", "other"),
  process(470, 470, "listns", "other"),
];
