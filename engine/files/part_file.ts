import type { Files, FileUser } from "../../bpf/ffi/files.ts";
import { IorError } from "../../runtime/errors.ts";
import { reasonOf, writeFailed } from "../../runtime/system_error.ts";

/** Permission bits that a replacement keeps: no set-uid, no set-gid, no sticky bit. */
const KEPT_MODE = 0o777;

/** Permissions of a new file, before the umask. */
const NEW_MODE = 0o666;

/** Where a file appears. */
export interface PartTarget {
  /** Descriptor of the directory: the file owns it from the call of its constructor on. */
  directory: number;
  /** Its name, and the one it has before that. */
  name: string;
  part: string;
  /** Descriptor of the file that it replaces, `null` for none; not closed. */
  replaced: number | null;
  /** The whole name, for errors. */
  path: string;
}

/**
 * A file that gets its name when it is complete. Until then it has none, and the kernel removes it when ior is killed; where
 * the file system has no such files it has another name, so that nobody takes it for complete. Created and renamed through
 * descriptors, with the rights of `user`.
 */
export class PartFile implements Disposable {
  readonly path: string;
  readonly #files: Files;
  readonly #user: FileUser | null;
  readonly #target: PartTarget;
  readonly #fd: number;
  #isNamed: boolean;
  #end = 0;
  #closed = false;
  #inUse = 0;

  /**
   * Makes the file. It keeps the permissions of the file that it replaces when that is of the same user. The directory is
   * closed with it, and here when it cannot be made: its number may be another file's afterwards.
   *
   * @param user Whose rights are used, `null` for those of the process.
   */
  constructor(files: Files, target: PartTarget, user: FileUser | null) {
    this.path = target.path;
    this.#files = files;
    this.#user = user;
    this.#target = target;
    try {
      const made = files.as(user, () => make(files, target, (user ?? files.user).uid));
      this.#fd = made.fd;
      this.#isNamed = made.isNamed;
    } catch (error) {
      files.close(target.directory);
      throw error;
    }
  }

  /** True when the file stays, under the name of an incomplete one, if ior is killed. */
  get isNamed(): boolean {
    return this.#isNamed;
  }

  /** Bytes written. */
  get bytes(): number {
    return this.#end;
  }

  /** Appends all of `bytes`, or throws; a part that was appended is then removed. */
  append(bytes: Uint8Array): void {
    const start = this.#end;
    try {
      for (let at = 0; at < bytes.length;) {
        at += this.#files.writeAt(this.#fd, bytes.subarray(at), start + at);
      }
      this.#end = start + bytes.length;
    } catch (error) {
      this.truncate(start);
      throw writeFailed(this.path, error);
    }
  }

  /** Removes everything after the first `bytes`. */
  truncate(bytes: number): void {
    this.#files.truncate(this.#fd, bytes);
    this.#end = bytes;
  }

  /** Appends to what {@linkcode PartFile.write} has written, in the background. Not to be mixed with `append`. */
  async write(bytes: Uint8Array): Promise<number> {
    if (this.#closed) throw new Error("it was closed");
    return await this.#use(() => this.#files.write(this.#fd, bytes));
  }

  /** Waits until the file is on its device, and gives it its name; it is gone when that fails. */
  async publish(): Promise<void> {
    const { directory, name, part } = this.#target;
    try {
      if (this.#closed) throw new Error("it was removed");
      await this.#use(() => this.#files.sync(this.#fd));
      this.#files.as(this.#user, () => {
        if (!this.#isNamed) this.#files.link(this.#fd, directory, part);
        this.#isNamed = true;
        this.#files.rename(directory, part, name); // a link replaces nothing
      });
    } catch (error) {
      this.discard();
      throw writeFailed(this.path, error);
    }
    this.#close();
  }

  /** Removes the file, unless it was published. Safe to call more than once. */
  discard(): void {
    if (this.#closed) return;
    const { directory, part } = this.#target;
    if (this.#isNamed) this.#files.as(this.#user, () => this.#files.removeQuietly(directory, part));
    this.#close();
  }

  /** As {@linkcode PartFile.discard}. */
  [Symbol.dispose](): void {
    this.discard();
  }

  /** A descriptor must not be closed while another thread uses it: its number may be another file's by then. */
  async #use<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#inUse++;
    try {
      return await work();
    } finally {
      if (--this.#inUse === 0 && this.#closed) this.#closeDescriptors();
    }
  }

  #close(): void {
    this.#closed = true;
    if (this.#inUse === 0) this.#closeDescriptors();
  }

  #closeDescriptors(): void {
    this.#files.close(this.#fd);
    this.#files.close(this.#target.directory);
  }
}

/** Makes and locks the file; nothing of it is left when that fails. */
function make(
  files: Files,
  { directory, part, replaced }: PartTarget,
  uid: number,
): { fd: number; isNamed: boolean } {
  const old = replaced === null ? null : files.status(replaced);
  const kept = old !== null && old.uid === uid ? old.mode & KEPT_MODE : null;
  const unnamed = files.createUnnamed(directory, kept ?? NEW_MODE);
  const isNamed = unnamed === null;
  const fd = unnamed ?? files.create(directory, part, kept ?? NEW_MODE);
  try {
    files.lock(fd);
    if (kept !== null) files.setMode(fd, kept); // what the umask has cut
    return { fd, isNamed };
  } catch (error) {
    if (isNamed) files.removeQuietly(directory, part);
    files.close(fd);
    throw error;
  }
}

/** The error of a place that cannot be written to, for whoever named it. */
export function cannotMake(path: string, cause: unknown): IorError {
  return new IorError("usage", `Cannot write ${path}: ${reasonOf(cause)}`, {
    hint: "Name a file in a directory that you may write to",
    cause,
  });
}
