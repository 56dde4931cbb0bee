/** What the parser must know of the machine, passed in so that parsing needs no permissions and tests need no machine. */
import type { Arch } from "../../runtime/syscalls/types.ts";

/** Facts and look-ups that values of options depend on. */
export interface Machine {
  /** Version of ior, shown by `--version`. */
  version: string;
  /** Architecture whose system call numbers are used. */
  arch: Arch;
  /** Size of a memory page, bytes. */
  pageBytes: number;
  /** The number of a user name, `null` when there is none. Called only when `--uid` has a name. */
  userId(name: string): number | null;
  /** True when this is the name of a directory. Called only for a recording whose name does not tell. */
  isDirectory(path: string): boolean;
}

/** The number of `name` in the text of a passwd file (`man 5 passwd`), `null` when it has no such user. */
export function userIdIn(passwd: string, name: string): number | null {
  for (const line of passwd.split("\n")) {
    const [user, , uid] = line.split(":");
    if (user === name && /^\d+$/.test(uid ?? "")) return Number(uid);
  }
  return null;
}
