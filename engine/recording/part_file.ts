import { dirname } from "node:path";
import { IorError } from "../../runtime/errors.ts";
import { reasonOf } from "../../runtime/system_error.ts";

/** Whom a file shall belong to. */
export interface FileOwner {
  uid: number;
  gid: number;
}

/** A file that gets its name when it is complete; until then it has another one, and nobody takes it for the whole. */
export class PartFile implements AsyncDisposable {
  readonly path: string;
  readonly #part: string;
  readonly #file: Deno.FsFile;
  #end = 0;
  #closed = false;

  private constructor(path: string, part: string, file: Deno.FsFile) {
    this.path = path;
    this.#part = part;
    this.#file = file;
  }

  /**
   * Makes the file as `part`. It keeps the mode of a file of its name, and belongs to `owner`.
   *
   * @throws {IorError} `usage` when it cannot be made.
   */
  static open(path: string, part: string, owner: FileOwner | null): PartFile {
    let file: Deno.FsFile | null = null;
    try {
      const mode = modeOf(path);
      file = Deno.openSync(part, { write: true, createNew: true, mode: 0o666 });
      if (mode !== null) Deno.chmodSync(part, mode & 0o7777);
      if (owner) Deno.chownSync(part, owner.uid, owner.gid);
      return new PartFile(path, part, file);
    } catch (error) {
      if (file !== null) {
        file.close();
        Deno.removeSync(part);
      }
      throw cannotMake(path, error);
    }
  }

  /** Bytes written. */
  get bytes(): number {
    return this.#end;
  }

  /** Appends all of `bytes`, or throws; what was appended in part is then taken back. */
  append(bytes: Uint8Array): void {
    const start = this.#end;
    try {
      for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
      this.#end = start + bytes.length;
    } catch (error) {
      this.truncate(start);
      throw writeFailed(this.path, error);
    }
  }

  /** Takes back what is behind the first `bytes`. */
  truncate(bytes: number): void {
    this.#file.truncateSync(bytes);
    this.#file.seekSync(bytes, Deno.SeekMode.Start);
    this.#end = bytes;
  }

  /** Waits until the file is on its device, and gives it its name; it is gone when that fails. */
  async publish(): Promise<void> {
    try {
      await this.#file.syncData();
      Deno.renameSync(this.#part, this.path);
    } catch (error) {
      this.discard();
      throw writeFailed(this.path, error);
    }
    this.#close();
  }

  /** Removes the file, unless it was published. Safe to call more than once. */
  discard(): void {
    if (this.#closed) return;
    this.#close();
    try {
      Deno.removeSync(this.#part);
    } catch {
      // Somebody has removed it, or its directory.
    }
  }

  /** As {@linkcode PartFile.discard}. */
  [Symbol.asyncDispose](): Promise<void> {
    this.discard();
    return Promise.resolve();
  }

  #close(): void {
    this.#closed = true;
    this.#file.close();
  }
}

/** The file behind a symbolic link: it is replaced, and the link keeps pointing. */
export function linkTarget(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path; // there is none yet
  }
}

/** Makes a directory and what is missing above it; what is made belongs to `owner`. */
export function makeDirectory(path: string, owner: FileOwner | null): void {
  try {
    if (Deno.statSync(path).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (dirname(path) !== path) makeDirectory(dirname(path), owner);
  }
  try {
    Deno.mkdirSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists && Deno.statSync(path).isDirectory) return;
    throw error;
  }
  if (owner) Deno.chownSync(path, owner.uid, owner.gid);
}

/** Mode of the file of a name, `null` when there is none. Throws for what is no file. */
function modeOf(path: string): number | null {
  try {
    const { isFile, isDirectory, mode } = Deno.statSync(path);
    if (!isFile) throw new TypeError(isDirectory ? "it is a directory" : "it is no regular file");
    return mode;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
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

/** The error of a write that failed on the way. */
function writeFailed(path: string, cause: unknown): IorError {
  return new IorError("runtime", `Cannot write to ${path}: ${reasonOf(cause)}`, {
    hint: "Check the space on its device",
    cause,
  });
}
