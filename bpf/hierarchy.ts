import { Files, SystemError, WORKING_DIRECTORY } from "./ffi/files.ts";
import { Libc } from "./ffi/libc.ts";
import type { SpecialFiles } from "./machine.ts";

/** Inode of the initial cgroup namespace (`include/linux/proc_ns.h`, PROC_CGROUP_INIT_INO). */
const INITIAL_NAMESPACE = 0xeffffffb;

/** The unified hierarchy of control groups (cgroup v2) as this process sees it. */
export interface Hierarchy {
  /** Where it is mounted. */
  directory: string;
  /** Levels between the root of the hierarchy and the directory; `null` when that is not known. */
  level: number | null;
}

/** The unified hierarchy of this machine, `null` when it is not mounted. */
export function unifiedHierarchy(): Hierarchy | null {
  const libc = Libc.open();
  return hierarchyIn(libc);
}

/** The same by the files of `/proc`. The level is known in the initial namespace only. */
export function hierarchyIn(
  files: Pick<SpecialFiles, "readSpecialText" | "readSpecialLink">,
): Hierarchy | null {
  const mounts = files.readSpecialText("/proc/self/mountinfo") ?? "";
  const namespace = Number(/\[(\d+)\]/.exec(files.readSpecialLink("/proc/self/ns/cgroup") ?? "")?.[1]);
  const mount = mounts.split("\n").find((line) => / - cgroup2 /.test(line));
  if (mount === undefined) return null;
  const [, , , root, directory] = mount.split(" ").map(unescaped);
  return { directory, level: namespace === INITIAL_NAMESPACE ? levelOf(root) : null };
}

/** Components of a path. */
export function levelOf(path: string): number {
  return path.split("/").filter((part) => part !== "").length;
}

/** A field of `mountinfo`, in which spaces are `\040` (`mangle` in fs/seq_file.c). */
function unescaped(field: string): string {
  return field.replace(/\\(\d{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}

/** The id of a control group, the number of its directory's inode; `null` when there is no such directory. */
export function groupId(path: string): bigint | null {
  return inDirectory(path, (files, directory) => files.status(directory).inode);
}

/** Names of the groups directly below a group; none when there is no such directory. */
export function groupsIn(path: string): string[] {
  return inDirectory(path, (files, directory) => files.directories(directory)) ?? [];
}

function inDirectory<Value>(path: string, read: (files: Files, directory: number) => Value): Value | null {
  const files = Files.open();
  try {
    const directory = files.openPlace(WORKING_DIRECTORY, path, true);
    try {
      return files.status(directory).kind === "directory" ? read(files, directory) : null;
    } finally {
      files.close(directory);
    }
  } catch (error) {
    if (error instanceof SystemError) return null; // it has been removed, or was never there
    throw error;
  }
}
