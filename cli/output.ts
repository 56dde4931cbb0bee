import { IorError } from "../runtime/errors.ts";
import { reasonOf } from "../runtime/system_error.ts";
import type { CallingUser } from "../engine/mod.ts";

/** Bytes written at once; larger pieces are split so that a slow reader is noticed early. */
const WRITE_BYTES = 64 * 1024;

/** Bytes that may wait for a slow reader; beyond it the session reads no more and the kernel counts. */
const WAITING_BYTES = 1024 * 1024;

/** Where a command's data goes: standard output, or a file that appears under its name when complete. */
export interface Output extends AsyncDisposable {
  /** True when the reader has gone: nothing more needs to be written. */
  readonly closed: boolean;
  /** True while less waits than may. */
  readonly hasRoom: boolean;
  /** Resolves when there is room, or the reader has gone. */
  room(): Promise<void>;
  /** Queues text, or bytes, which must not change any more. */
  write(data: string | Uint8Array): void;
  /** Resolves when all is written; a file then appears under its name. */
  finish(): Promise<void>;
  /** Removes what is not complete, when ior is about to end in the middle of it. Safe to call more than once. */
  abandon(): void;
}

/** What is written to. */
interface Place {
  write(bytes: Uint8Array): Promise<number>;
  /** Gives it its name. */
  complete(): Promise<void>;
  close(): void;
  /** Takes it away, unless it is complete. Safe to call more than once. */
  remove(): void;
}

/** Writes in order, in the background. */
class QueuedOutput implements Output {
  readonly #encoder = new TextEncoder();
  readonly #name: string;
  readonly #place: Place;
  #queue: Uint8Array[] = [];
  #waiting = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;
  closed = false;

  constructor(name: string, place: Place) {
    this.#name = name;
    this.#place = place;
  }

  get hasRoom(): boolean {
    return this.#waiting < WAITING_BYTES;
  }

  async room(): Promise<void> {
    while (!this.hasRoom && !this.closed) await this.#writing;
    if (this.#error) throw this.#error;
  }

  write(data: string | Uint8Array): void {
    if (this.closed) return;
    // Encoded at once: text that waits as a string built of many parts keeps the garbage collector busy.
    const bytes = typeof data === "string" ? this.#encoder.encode(data) : data;
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    this.#start();
  }

  async finish(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#error) throw this.#error;
    if (!this.closed) await this.#place.complete();
  }

  abandon(): void {
    this.#place.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#place.close();
    this.#place.remove();
    return Promise.resolve();
  }

  #start(): void {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = null;
      if (this.#queue.length > 0) this.#start(); // came in just when the last text was written
    });
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.closed) {
        const bytes = this.#queue.shift()!;
        for (let at = 0; at < bytes.length;) {
          at += await this.#place.write(bytes.subarray(at, at + WRITE_BYTES));
        }
        this.#waiting -= bytes.length;
      }
    } catch (error) {
      this.closed = true;
      this.#queue = [];
      this.#waiting = 0;
      if (!(error instanceof Deno.errors.BrokenPipe)) this.#error = writeFailed(this.#name, error);
    }
  }
}

/** The file of a name, or standard output for none. */
export function openOutput(name: string | null, user: CallingUser | null): Output {
  return name === null ? standardOutput() : fileOutput(name, user);
}

/** Standard output. A reader that goes away closes it quietly. */
export function standardOutput(): Output {
  return new QueuedOutput("standard output", stream(Deno.stdout, () => {}));
}

/** A place that is there from the start, whatever becomes of the data. */
function stream(target: Pick<Place, "write">, close: () => void): Place {
  return {
    write: (bytes) => target.write(bytes),
    complete: () => Promise.resolve(),
    close,
    remove: () => {},
  };
}

/**
 * A file that replaces the one of its name when it is complete; until then nothing of it is seen. It keeps the mode of
 * the file it replaces and belongs to the user who called ior.
 *
 * @throws {IorError} `usage` when the file cannot be made: before anything is traced.
 */
export function fileOutput(name: string, user: CallingUser | null): Output {
  const path = linkTarget(name);
  let mode: number | null = null;
  try {
    const existing = Deno.statSync(path);
    if (!existing.isFile) {
      // A device or a pipe is written to as it is.
      if (existing.isDirectory) throw new Deno.errors.IsADirectory("it is a directory");
      const file = Deno.openSync(path, { write: true });
      return new QueuedOutput(path, stream(file, () => file.close()));
    }
    mode = existing.mode;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw cannotMake(path, error);
  }
  const temporary = `${path}.${Deno.pid}.part`;
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(temporary, { write: true, createNew: true, mode: 0o666 });
  } catch (error) {
    throw cannotMake(path, error);
  }
  try {
    if (mode !== null) Deno.chmodSync(temporary, mode & 0o7777);
    if (user) Deno.chownSync(temporary, user.uid, user.gid);
  } catch (error) {
    file.close();
    removeQuietly(temporary);
    throw cannotMake(path, error);
  }
  let there = true;
  return new QueuedOutput(path, {
    write: (bytes) => file.write(bytes),
    complete: async () => {
      try {
        await file.sync();
        Deno.renameSync(temporary, path);
      } catch (error) {
        throw writeFailed(path, error);
      }
      there = false;
    },
    close: () => file.close(),
    remove: () => {
      if (!there) return;
      there = false;
      removeQuietly(temporary);
    },
  });
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Somebody has removed it, or its directory.
  }
}

/** The file behind a symbolic link: it is replaced, and the link keeps pointing. */
function linkTarget(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path; // there is none yet
  }
}

function cannotMake(path: string, cause: unknown): IorError {
  return new IorError("usage", `Cannot write ${path}: ${reasonOf(cause)}`, {
    hint: "Name a file in a directory that you may write to",
    cause,
  });
}

function writeFailed(name: string, cause: unknown): IorError {
  return new IorError("runtime", `Cannot write to ${name}: ${reasonOf(cause)}`, {
    hint: "Check the space on its device",
    cause,
  });
}
