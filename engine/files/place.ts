/** Resolves a name step by step and holds the result by descriptors, so that nobody can redirect it afterwards. */
import { startDirectory } from "./named.ts";
import { Errno, type Files, type FileStatus, SystemError } from "../../bpf/ffi/files.ts";

/** Links followed for one name: as many as Linux follows. */
const MAX_LINKS = 40;

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/** A directory, and a name in it. */
export class Place implements Disposable {
  readonly #files: Files;
  /** Descriptor of the directory. */
  readonly directory: number;
  readonly name: string;
  /** Descriptor of the file with this name, not opened for reading or writing; `null` when there is none. */
  readonly found: number | null;
  /** True when a link of `/proc` has led here: the file has no name that could be given to another file. */
  readonly isOpenFile: boolean;

  constructor(files: Files, directory: number, name: string, found: number | null, isOpenFile: boolean) {
    this.#files = files;
    this.directory = directory;
    this.name = name;
    this.found = found;
    this.isOpenFile = isOpenFile;
  }

  /** Closes both descriptors. */
  [Symbol.dispose](): void {
    this.#files.close(this.directory);
    if (this.found !== null) this.#files.close(this.found);
  }
}

/** How to treat missing directories and links. */
export interface Steps {
  /** Creates missing directories, including the last part. */
  make?: boolean;
  /** Refuses every link. */
  noLinks?: boolean;
  /** The directory that a relative name starts from, default the one that ior was started in; not closed. */
  from?: number;
}

/**
 * Finds where a name leads. Links are followed by the rules of the kernel's `protected_symlinks`, even when it is off: in a
 * sticky directory that everybody may write to, only one's own links and those of the owner of the directory. Throws a
 * `SystemError`, or a plain `Error` for a refused link.
 *
 * @param uid Whose rights are used.
 */
export function findPlace(files: Files, path: string, uid: number, steps: Steps = {}): Place {
  let directory = start(files, path, steps.from);
  try {
    const parts = partsOf(path);
    for (let links = 0; parts.length > 0;) {
      const name = parts.shift()!;
      const isLast = parts.length === 0;
      let found = openPart(files, directory, name, isLast, steps.make === true);
      if (found === null) return new Place(files, directory, name, null, false);
      try {
        let { kind } = files.status(found);
        let isOpenFile = false;
        if (kind === "link") {
          if (steps.noLinks) throw new Error("it leads through a symbolic link");
          isOpenFile = files.isProc(directory);
          if (!isOpenFile) {
            if (++links > MAX_LINKS) throw files.error(Errno.ELOOP);
            const target = linkTarget(files, directory, found, name, uid);
            parts.unshift(...partsOf(target));
            if (target.startsWith("/")) directory = replaced(files, directory, files.openRoot());
            continue;
          }
          found = replaced(files, found, files.openPlace(directory, name, true));
          kind = files.status(found).kind;
        }
        if (isLast) {
          const place = new Place(files, directory, name, found, isOpenFile);
          found = null;
          return place;
        }
        if (kind !== "directory") throw files.error(Errno.ENOTDIR);
        directory = replaced(files, directory, found);
        found = null;
      } finally {
        if (found !== null) files.close(found);
      }
    }
    throw files.error(path === "" ? Errno.ENOENT : Errno.EISDIR);
  } catch (error) {
    files.close(directory);
    throw error;
  }
}

/** Opens a directory for names in it, creating it with `make`. The caller closes it. Throws as {@linkcode findPlace}. */
export function openDirectory(files: Files, path: string, uid: number, steps: Steps = {}): number {
  if (partsOf(path).length === 0) return start(files, path, steps.from);
  using place = findPlace(files, path, uid, steps);
  if (place.found === null) throw files.error(Errno.ENOENT);
  if (files.status(place.found).kind !== "directory") throw files.error(Errno.ENOTDIR);
  return files.duplicate(place.found);
}

function start(files: Files, path: string, from: number = startDirectory()): number {
  return path.startsWith("/") ? files.openRoot() : files.duplicate(from);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** Opens one part of a name; `null` when it is the last one and missing. */
function openPart(
  files: Files,
  directory: number,
  name: string,
  isLast: boolean,
  make: boolean,
): number | null {
  try {
    return files.openPlace(directory, name);
  } catch (error) {
    if (!isError(error, Errno.ENOENT)) throw error;
    if (!make) {
      if (isLast) return null;
      throw error;
    }
  }
  try {
    files.makeDirectory(directory, name);
  } catch (error) {
    if (!isError(error, Errno.EEXIST)) throw error; // somebody else has made it
  }
  return files.openPlace(directory, name);
}

/** The text of a link that may be followed (`may_follow_link` in fs/namei.c). */
function linkTarget(files: Files, directory: number, link: number, name: string, uid: number): string {
  const folder = files.status(directory);
  const owner = files.status(link).uid;
  const isShared = (folder.mode & STICKY) !== 0 && (folder.mode & OTHERS_WRITE) !== 0;
  if (isShared && owner !== uid && owner !== folder.uid) {
    throw new Error(
      "it leads through a symbolic link of another user in a directory that everybody may write to",
    );
  }
  return files.readLink(directory, name);
}

/** Throws for a FIFO of another user in a directory where others may make one (`may_create_in_sticky` in fs/namei.c). */
export function requireOwnFifo(files: Files, { directory }: Place, fifo: FileStatus, uid: number): void {
  const folder = files.status(directory);
  const isShared = (folder.mode & STICKY) !== 0 && (folder.mode & (OTHERS_WRITE | GROUP_WRITES)) !== 0;
  if (isShared && fifo.uid !== uid && fifo.uid !== folder.uid) {
    throw new Error("it is a named pipe of another user in a directory that others may write to");
  }
}

/** True for a call that failed with this number. */
export function isError(error: unknown, errno: number): boolean {
  return error instanceof SystemError && error.errno === errno;
}

function replaced(files: Files, old: number, next: number): number {
  files.close(old);
  return next;
}
