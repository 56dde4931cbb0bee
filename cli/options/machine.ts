/** What the parser must know of the machine, handed in so that parsing needs no permission and tests no machine. */
import type { Arch } from "../../runtime/syscalls/types.ts";

/** Facts and look-ups that flag values depend on. */
export interface Machine {
  /** Version of ior, shown by `--version`. */
  version: string;
  /** Whose system call numbers to use. */
  arch: Arch;
  /** Size of a memory page, bytes. */
  pageBytes: number;
  /** The number of a user name, `null` when there is none. Asked only when `--uid` has a name. */
  userId(name: string): number | null;
  /** Whether this name is a directory's. Asked only for a recording to write whose name leaves it open. */
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
