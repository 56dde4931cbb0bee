/** What the parser must know of the machine, passed in so that parsing needs no permissions and tests need no machine. */
import type { Arch } from "../../runtime/syscalls/types.ts";

/** Facts and look-ups that values of options depend on. */
export interface Machine {
  /** Version of ior, shown by `--version`. */
  version: string;
  /** Architecture whose system call numbers are used. */
  arch: Arch;
  /** The number of a user name, `null` when there is none. Called only when `--uid` has a name. */
  userId(name: string): number | null;
  /** The number of a group name, `null` when there is none. Called only when `--gid` has a name. */
  groupId(name: string): number | null;
  /** True when this is the name of a directory. Called only for a recording whose name does not tell. */
  isDirectory(path: string): boolean;
}

/** Largest number of a user or group; the one above means "none" (`INVALID_UID` in include/linux/uidgid.h). */
export const OWNER_MAX = 4_294_967_294;

/** The number of `name` in the text of a passwd or group file (`man 5 passwd`, `man 5 group`), `null` when it has none. */
export function ownerIdIn(file: string, name: string): number | null {
  for (const line of file.split("\n")) {
    const [owner, , id] = line.split(":");
    if (owner === name && /^\d{1,10}$/.test(id ?? "") && Number(id) <= OWNER_MAX) return Number(id);
  }
  return null;
}
