/** Where a name leads, found step by step and held by descriptors, so that nobody can lead it elsewhere afterwards. */
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
  /** Descriptor of what has the name, not opened for reading or writing; `null` when nothing has. */
  readonly found: number | null;
  /** True when a link of `/proc` has led here: what is found has no name that could be given to another file. */
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

/** What to do about what is missing on the way, and about links. */
export interface Steps {
  /** Makes the directories that are missing, the last part too. */
  make?: boolean;
  /** Refuses every link. */
  noLinks?: boolean;
  /** The directory that a relative name starts from; not closed. */
  from?: number;
}

/**
 * Finds where a name leads. Links are followed as the kernel's `protected_symlinks` has it, also where it is off: in a
 * directory where everybody may make files, only one's own and those of the directory's owner. Throws a `SystemError`, or a
 * plain `Error` for a link that is refused.
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
            if (target.startsWith("/")) directory = replaced(files, directory, files.openStart(true));
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

/** A directory for names in it, made when `make` says so; to be closed. Throws as {@linkcode findPlace}. */
export function openDirectory(files: Files, path: string, uid: number, steps: Steps = {}): number {
  if (partsOf(path).length === 0) return start(files, path, steps.from);
  using place = findPlace(files, path, uid, steps);
  if (place.found === null) throw files.error(Errno.ENOENT);
  if (files.status(place.found).kind !== "directory") throw files.error(Errno.ENOTDIR);
  return files.duplicate(place.found);
}

function start(files: Files, path: string, from: number | undefined): number {
  if (from === undefined || path.startsWith("/")) return files.openStart(path.startsWith("/"));
  return files.duplicate(from);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** What a part is; `null` when it is missing and last. */
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
