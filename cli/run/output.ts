import { type OpenFile, openFile } from "../../engine/files/open_file.ts";
import type { CallingUser } from "../../engine/mod.ts";
import { whenReady } from "../../runtime/delay.ts";
import { writeFailed } from "../../runtime/system_error.ts";

/** Bytes written at once; larger pieces are split so that a slow reader is noticed early. */
const WRITE_BYTES = 64 * 1024;

/** Bytes that may wait for a slow reader; beyond it the session stops reading and the kernel counts loss. */
const WAITING_BYTES = 1024 * 1024;

/** Destination of a command's data: standard output, or a file that appears under its name when complete. */
export interface Output extends AsyncDisposable {
  /** True when an incomplete file stays if ior is killed. */
  readonly leavesPart: boolean;
  /** True when the reader has gone: nothing more needs to be written. */
  readonly closed: boolean;
  /** True while less data waits than the limit. */
  readonly hasRoom: boolean;
  /** Resolves when there is room, or the reader has gone. */
  room(): Promise<void>;
  /** Queues text, or bytes, which the caller must not change until `written` is called, if ever. */
  write(data: string | Uint8Array, written?: () => void): void;
  /** Resolves when all is written; a file then appears under its name. */
  finish(): Promise<void>;
  /** Removes an incomplete file, before ior exits early. Safe to call more than once. */
  abandon(): void;
}

/** Writes in order, in the background. */
class QueuedOutput implements Output {
  readonly #encoder = new TextEncoder();
  readonly #name: string;
  readonly #place: OpenFile;
  #queue: { bytes: Uint8Array; written?: () => void }[] = [];
  #waiting = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;
  closed = false;

  constructor(name: string, place: OpenFile) {
    this.#name = name;
    this.#place = place;
  }

  get leavesPart(): boolean {
    return this.#place.leavesPart;
  }

  get hasRoom(): boolean {
    return this.#waiting < WAITING_BYTES;
  }

  async room(): Promise<void> {
    while (!this.hasRoom && !this.closed) await this.#writing;
    if (this.#error) throw this.#error;
  }

  write(data: string | Uint8Array, written?: () => void): void {
    if (this.closed) return;
    // Encoded at once: a waiting string built of many parts keeps the garbage collector busy.
    const bytes = typeof data === "string" ? this.#encoder.encode(data) : data;
    this.#queue.push({ bytes, written });
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
      if (this.#queue.length > 0) this.#start(); // queued just when the last text was written
    });
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.closed) {
        const { bytes, written } = this.#queue.shift()!;
        for (let at = 0; at < bytes.length;) {
          at += await this.#place.write(bytes.subarray(at, at + WRITE_BYTES));
        }
        this.#waiting -= bytes.length;
        written?.();
      }
    } catch (error) {
      this.closed = true;
      this.#queue = [];
      this.#waiting = 0;
      if (!(error instanceof Deno.errors.BrokenPipe)) this.#error = writeFailed(this.#name, error);
    }
  }
}

/** Opens the file of this name, or standard output for `null`. */
export function openOutput(name: string | null, user: CallingUser | null): Output {
  return name === null ? standardOutput() : fileOutput(name, user);
}

/** Opens standard output. It closes silently when the reader goes away. */
export function standardOutput(): Output {
  return new QueuedOutput("standard output", {
    leavesPart: false,
    write: (bytes) => whenReady(() => Deno.stdout.write(bytes)),
    complete: () => Promise.resolve(),
    close: () => {},
    remove: () => {},
  });
}

/**
 * Opens a file by the name that a user gave. It appears when complete, with the rights of the user who called ior.
 *
 * @throws {IorError} `usage` when the file cannot be created, before anything is traced.
 */
export function fileOutput(name: string, user: CallingUser | null): Output {
  return new QueuedOutput(name, openFile(name, user));
}
