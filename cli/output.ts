import { IorError } from "../runtime/errors.ts";
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
}

/** Writes in order, in the background. */
class QueuedOutput implements Output {
  readonly #encoder = new TextEncoder();
  readonly #name: string;
  readonly #target: { write(bytes: Uint8Array): Promise<number> };
  readonly #onFinish: () => Promise<void>;
  readonly #onDispose: () => void;
  #queue: Uint8Array[] = [];
  #waiting = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;
  closed = false;

  constructor(
    name: string,
    target: { write(bytes: Uint8Array): Promise<number> },
    onFinish: () => Promise<void>,
    onDispose: () => void,
  ) {
    this.#name = name;
    this.#target = target;
    this.#onFinish = onFinish;
    this.#onDispose = onDispose;
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
    if (!this.closed) await this.#onFinish();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#onDispose();
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
          at += await this.#target.write(bytes.subarray(at, at + WRITE_BYTES));
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
  return new QueuedOutput("standard output", Deno.stdout, () => Promise.resolve(), () => {});
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
      return new QueuedOutput(path, file, () => Promise.resolve(), () => file.close());
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
    Deno.removeSync(temporary);
    throw cannotMake(path, error);
  }
  let complete = false;
  return new QueuedOutput(
    path,
    file,
    async () => {
      await file.sync();
      Deno.renameSync(temporary, path);
      complete = true;
    },
    () => {
      file.close();
      if (!complete) Deno.removeSync(temporary);
    },
  );
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

/** The operating system's words, without the runtime's call and number around them. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "").replace(/^.*: /s, "").toLowerCase();
}
