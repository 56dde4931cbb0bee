import { FfiError } from "./ffi/errors.ts";
import type { Libc } from "./ffi/libc.ts";
import { ringRefused } from "./load.ts";
import type { LoadedObject } from "./object.ts";
import { CALLS, CELLS, CHUNKS, REJECTED_SLOTS, Size } from "./wire.ts";

/** Rounds that have room of their own: that at work, and the one before until it has been read. */
export const ROUNDS = 2;

/** Path texts whose numbers the kernel remembers: about 3 MB. */
export const KNOWN_TEXTS = 8192;

/** Maps of the kernel side as memory of this process, valid until it is disposed. */
export class KernelMemory implements Disposable {
  readonly #libc: Libc;
  readonly #object: LoadedObject;
  readonly #mappings = new DisposableStack();

  /** The call table, read by the programs at every call. */
  readonly calls: Uint8Array;
  /** What the calls of the 32-bit table are. */
  readonly compat: Uint8Array;
  /** The filters, read by the programs at every call. */
  readonly filters: ArrayBuffer;
  /** What the programs say of the started command. */
  readonly command: ArrayBuffer;
  /** Tasks whose calls user space rejects, by the low bits of the number. */
  readonly rejectedTasks: Uint32Array;
  /** Files likewise. */
  readonly rejectedFiles: Uint32Array;
  /** The sums, their cells and the chunks of these; `null` when no call is added up. */
  readonly sums: { head: ArrayBuffer; cells: ArrayBuffer; chunks: ArrayBuffer } | null;
  /** The page of the ring that says how far it was read. */
  readonly ringConsumer: ArrayBuffer;
  /** The page of the ring that says how far it was written, and the data behind it. */
  readonly ringData: ArrayBuffer;

  /** @throws {IorError} When the kernel gives no memory. */
  constructor(libc: Libc, object: LoadedObject, ringBytes: number, samples: boolean) {
    this.#libc = libc;
    this.#object = object;
    using undo = new DisposableStack();
    undo.use(this);
    const page = libc.pageBytes;
    this.calls = new Uint8Array(this.#map("calls", CALLS * Size.call_spec));
    this.compat = new Uint8Array(this.#map("compat", CALLS * Size.compat_call));
    this.filters = this.#map(".data.filters", Size.filters);
    this.command = this.#map(".data.command", Size.command);
    this.rejectedTasks = new Uint32Array(this.#map("rejected_tasks", REJECTED_SLOTS * 4));
    this.rejectedFiles = new Uint32Array(this.#map("rejected_files", REJECTED_SLOTS * 4));
    this.sums = !samples ? null : {
      head: this.#map(".data.sums", Size.sums),
      cells: this.#map("cells", ROUNDS * CELLS * Size.cell),
      chunks: this.#map("chunks", ROUNDS * CHUNKS * Size.chunk),
    };
    try {
      this.ringConsumer = this.#map("ring", page);
      this.ringData = this.#map("ring", page + ringBytes, page, false);
    } catch (cause) {
      throw cause instanceof FfiError ? ringRefused(ringBytes, cause) : cause;
    }
    undo.move();
  }

  [Symbol.dispose](): void {
    this.#mappings.dispose();
  }

  #map(map: string, bytes: number, offset = 0, writable = true): ArrayBuffer {
    const page = this.#libc.pageBytes;
    const length = Math.ceil(bytes / page) * page;
    const mapping = this.#libc.map(this.#object.mapFd(map), length, offset, writable);
    this.#mappings.defer(() => this.#libc.unmap(mapping));
    return mapping.buffer;
  }
}
