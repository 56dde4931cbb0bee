/** Names of incomplete files, and the removal of those of dead processes. */
import type { Files } from "../../bpf/ffi/files.ts";

/** Maximum number of names read in a directory in search of such files: reading a million takes half a second. */
const MAX_NAMES = 100_000;

/** The name of a file until it is complete. */
export function partName(name: string, pid: number = Deno.pid): string {
  return `${name}.${pid}.part`;
}

/** The process that writes this part of the file `name`, `null` for any other file. */
export function partOwner(name: string, part: string): number | null {
  const pid = part.startsWith(`${name}.`) ? /^(\d+)\.part$/.exec(part.slice(name.length + 1)) : null;
  return pid === null ? null : Number(pid[1]);
}

/**
 * Removes parts left by killed processes of `uid`. A part in use is locked by the process that writes it; parts with the
 * number of a running process are left alone too.
 *
 * @param ownerOf Returns the process that writes a part, `null` for any other name.
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

/** Removes the parts that this process has not completed; called when it ends, even while another thread writes them. */
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
    return; // it has just been removed, or is not a file
  }
  try {
    const status = files.status(fd);
    if (status.kind === "file" && status.uid === uid && files.lock(fd)) files.removeQuietly(directory, name);
  } finally {
    files.close(fd);
  }
}
