import { callsOf } from "./call.ts";
import type { Syscall } from "./types.ts";

const memory = callsOf("Memory");

/** Mappings, memory policy, and descriptors that stand for memory. */
export const MEMORY_CALLS: readonly Syscall[] = [
  memory(9, 222, "mmap", "map", ["-", "-", "-", "-", "anon_fd"]),
  memory(25, 216, "mremap", "map"),
  memory(216, 234, "remap_file_pages", "map"),
  memory(453, 453, "map_shadow_stack", "map"),
  memory(12, 214, "brk", "map"),
  memory(11, 215, "munmap", "other"),
  memory(10, 226, "mprotect", "other"),
  memory(329, 288, "pkey_mprotect", "other"),
  memory(330, 289, "pkey_alloc", "other"),
  memory(331, 290, "pkey_free", "other"),
  memory(462, 462, "mseal", "other"),
  memory(26, 227, "msync", "other"),
  memory(27, 232, "mincore", "other"),
  memory(28, 233, "madvise", "other"),
  memory(440, 440, "process_madvise", "fd", ["fd"]),
  memory(448, 448, "process_mrelease", "fd", ["fd"]),
  memory(149, 228, "mlock", "other"),
  memory(325, 284, "mlock2", "other"),
  memory(150, 229, "munlock", "other"),
  memory(151, 230, "mlockall", "other"),
  memory(152, 231, "munlockall", "other"),
  memory(237, 235, "mbind", "other"),
  memory(238, 237, "set_mempolicy", "other"),
  memory(239, 236, "get_mempolicy", "other"),
  memory(450, 450, "set_mempolicy_home_node", "other"),
  memory(256, 238, "migrate_pages", "other"),
  memory(279, 239, "move_pages", "other"),
  memory(310, 270, "process_vm_readv", "other", [], { bytes: "read" }),
  memory(311, 271, "process_vm_writev", "other", [], { bytes: "write" }),
  memory(319, 279, "memfd_create", "open", [], { returns: "fd" }),
  memory(447, 447, "memfd_secret", "open", [], { returns: "fd" }),
  memory(323, 282, "userfaultfd", "open", [], { returns: "fd" }),
];
