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

/** The number of `name` in the text of a passwd file (`man 5 passwd`), `null` when it has no such user. */
export function userIdIn(passwd: string, name: string): number | null {
  for (const line of passwd.split("\n")) {
    const [user, , uid] = line.split(":");
    if (user === name && /^\d+$/.test(uid ?? "")) return Number(uid);
  }
  return null;
}
