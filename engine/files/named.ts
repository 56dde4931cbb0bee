/** Files by the names that a user gave, to read them. */
import { type FileStatus, WORKING_DIRECTORY } from "../../bpf/ffi/files.ts";
import { ownStart } from "../launch/own_start.ts";
import { filesToRead, type ReadFiles } from "./plain_files.ts";

/** Descriptor of the directory that relative names start from: the one that ior was started in, whatever its own name is. */
export function startDirectory(): number {
  return ownStart().directory ?? WORKING_DIRECTORY;
}

/** True when ior is in the directory that it was started in; false when the runtime cannot be, see `launch/start.h`. */
export function isInStartDirectory(): boolean {
  return startDirectory() === WORKING_DIRECTORY;
}

/** The file with this name as a place, through all links. The caller closes it. Throws a `SystemError`. */
export function openNamed(files: ReadFiles, name: string): number {
  return files.openPlace(startDirectory(), name, true);
}

/** Status of the file with this name. Throws a `SystemError`. */
export function statusOf(files: ReadFiles, name: string): FileStatus {
  const place = openNamed(files, name);
  try {
    return files.status(place);
  } finally {
    files.close(place);
  }
}

/** True when this is the name of a directory. */
export function isDirectory(name: string): boolean {
  return kindOf(name) === "directory";
}

/** True when this is the name of a regular file. */
export function isRegularFile(name: string): boolean {
  return kindOf(name) === "file";
}

function kindOf(name: string): FileStatus["kind"] | null {
  try {
    return statusOf(filesToRead(), name).kind;
  } catch {
    return null; // whoever uses the name reports the error
  }
}
