/** Names of files that are not complete, and how those of dead processes are cleared away. */
import type { Files } from "../../bpf/ffi/files.ts";

/** Names looked at in a directory for what dead processes have left: reading a million takes half a second. */
const MAX_NAMES = 100_000;

/** The name of a file until it is complete. */
export function partName(name: string, pid: number = Deno.pid): string {
  return `${name}.${pid}.part`;
}

/** The process whose part of the file `name` this is, `null` for another file. */
export function partOwner(name: string, part: string): number | null {
  const pid = part.startsWith(`${name}.`) ? /^(\d+)\.part$/.exec(part.slice(name.length + 1)) : null;
  return pid === null ? null : Number(pid[1]);
}

/**
 * Removes parts that processes of `uid` have left when they were killed. A part in use is locked by the process that writes
 * it; what has the number of a process that runs is left alone too.
 *
 * @param ownerOf The process whose part a name is, `null` for a name that is none.
 */
export function clearParts(
  files: Files,
  directory: number,
  uid: number,
  ownerOf: (name: string) => number | null,
): void {
  for (const name of files.names(directory, MAX_NAMES)) {
    const pid = ownerOf(name);
    if (pid !== null && (pid === Deno.pid || !files.isRunning(pid))) {
      removeUnlocked(files, directory, name, uid);
    }
  }
}

/** Removes the parts that this process has not completed; for its end, also while another thread writes them. */
export function removeOwnParts(
  files: Files,
  directory: number,
  ownerOf: (name: string) => number | null,
): void {
  for (const name of files.names(directory, MAX_NAMES)) {
    if (ownerOf(name) === Deno.pid) files.removeQuietly(directory, name);
  }
}

function removeUnlocked(files: Files, directory: number, name: string, uid: number): void {
  let fd: number;
  try {
    fd = files.openToRead(directory, name);
  } catch {
    return; // it has just gone, or is no file
  }
  try {
    const status = files.status(fd);
    if (status.kind === "file" && status.uid === uid && files.lock(fd)) files.removeQuietly(directory, name);
  } finally {
    files.close(fd);
  }
}
