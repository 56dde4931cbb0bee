import { type Arch, syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";

/** The calls by which an architecture makes those that it lacks; `workloads/twins.h` has their arguments. */
const TWINS: Record<string, string> = {
  open: "openat",
  creat: "openat",
  stat: "newfstatat",
  lstat: "newfstatat",
  access: "faccessat",
  unlink: "unlinkat",
  rmdir: "unlinkat",
  mkdir: "mkdirat",
  mknod: "mknodat",
  rename: "renameat",
  link: "linkat",
  symlink: "symlinkat",
  readlink: "readlinkat",
  chmod: "fchmodat",
  chown: "fchownat",
  lchown: "fchownat",
  dup2: "dup3",
  pipe: "pipe2",
  fork: "clone",
  vfork: "clone",
};

/** Whether an architecture has a call of the table. */
function hasCall(arch: Arch, name: string): boolean {
  const call = syscallByName(name);
  return call === undefined || syscallNumber(arch, call) !== null;
}

/** The call by which an architecture makes this one; `null` when it has it, and when none does the same. */
export function twinOf(arch: Arch, name: string): string | null {
  return hasCall(arch, name) ? null : TWINS[name] ?? null;
}
