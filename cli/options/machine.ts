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
  /** True when this is the name of a directory. Called only for a recording whose name does not tell. */
  isDirectory(path: string): boolean;
}

/** Largest user number; the one above means "no user" (`INVALID_UID` in include/linux/uidgid.h). */
export const UID_MAX = 4_294_967_294;

/** The number of `name` in the text of a passwd file (`man 5 passwd`), `null` when it has no such user. */
export function userIdIn(passwd: string, name: string): number | null {
  for (const line of passwd.split("\n")) {
    const [user, , uid] = line.split(":");
    if (user === name && /^\d{1,10}$/.test(uid ?? "") && Number(uid) <= UID_MAX) return Number(uid);
  }
  return null;
}
