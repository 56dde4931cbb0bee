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
  memory(11, 215, "munmap", "map"),
  memory(10, 226, "mprotect", "map"),
  memory(329, 288, "pkey_mprotect", "map"),
  memory(330, 289, "pkey_alloc", ""),
  memory(331, 290, "pkey_free", ""),
  memory(462, 462, "mseal", ""),
  memory(26, 227, "msync", "map sync"),
  memory(27, 232, "mincore", ""),
  memory(28, 233, "madvise", ""),
  memory(440, 440, "process_madvise", "", ["fd"]),
  memory(448, 448, "process_mrelease", "", ["fd"]),
  memory(149, 228, "mlock", ""),
  memory(325, 284, "mlock2", ""),
  memory(150, 229, "munlock", ""),
  memory(151, 230, "mlockall", ""),
  memory(152, 231, "munlockall", ""),
  memory(237, 235, "mbind", ""),
  memory(238, 237, "set_mempolicy", ""),
  memory(239, 236, "get_mempolicy", ""),
  memory(450, 450, "set_mempolicy_home_node", ""),
  memory(256, 238, "migrate_pages", ""),
  memory(279, 239, "move_pages", ""),
  memory(310, 270, "process_vm_readv", "read", [], { bytes: "read" }),
  memory(311, 271, "process_vm_writev", "write", [], { bytes: "write" }),
  memory(319, 279, "memfd_create", "create", [], { returns: "fd" }),
  memory(447, 447, "memfd_secret", "create", [], { returns: "fd" }),
  memory(323, 282, "userfaultfd", "create", [], { returns: "fd" }),
];
