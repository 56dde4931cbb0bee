import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const process = callsOf("Process");

/** Life of tasks: starting, ending, waiting, groups, limits, namespaces, inspection. */
export const PROCESS_CALLS: readonly Syscall[] = [
  process(57, null, "fork", "fork"),
  process(58, null, "vfork", "fork"),
  process(56, 220, "clone", "fork"),
  process(435, 435, "clone3", "fork"),
  process(59, 221, "execve", "exec", ["path"]),
  process(322, 281, "execveat", "exec", ["dir", "path", "-", "-", "at_flags"]),
  process(134, null, "uselib", "open map", ["path"]),
  process(60, 93, "exit", "exit", [], { returns: "none" }),
  process(231, 94, "exit_group", "exit", [], { returns: "none" }),
  process(61, 260, "wait4", "wait"),
  process(247, 95, "waitid", "wait"),

  process(39, 172, "getpid", ""),
  process(110, 173, "getppid", ""),
  process(186, 178, "gettid", ""),
  process(111, null, "getpgrp", ""),
  process(121, 155, "getpgid", ""),
  process(109, 154, "setpgid", ""),
  process(124, 156, "getsid", ""),
  process(112, 157, "setsid", ""),
  process(218, 96, "set_tid_address", ""),

  process(97, 163, "getrlimit", ""),
  process(160, 164, "setrlimit", ""),
  process(302, 261, "prlimit64", "", [], { aliases: ["prlimit"] }),
  process(98, 165, "getrusage", ""),

  process(157, 167, "prctl", ""),
  process(158, null, "arch_prctl", ""),
  process(135, 92, "personality", "", [], { aliases: ["arm64_personality"] }),
  process(205, null, "set_thread_area", ""),
  process(211, null, "get_thread_area", ""),
  process(154, null, "modify_ldt", ""),
  process(101, 117, "ptrace", ""),
  process(312, 272, "kcmp", ""),

  process(434, 434, "pidfd_open", "create", [], { returns: "fd" }),
  process(438, 438, "pidfd_getfd", "dup", ["fd"]),
  process(308, 268, "setns", "", ["fd"]),
  process(272, 97, "unshare", ""),
  process(470, 470, "listns", ""),
];
