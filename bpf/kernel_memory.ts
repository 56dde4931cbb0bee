import { FfiError } from "./ffi/errors.ts";
import type { Libc } from "./ffi/libc.ts";
import { ringRefused } from "./load.ts";
import type { LoadedObject } from "./object.ts";
import { CALLS, CELLS, CHUNKS, REJECTED_SLOTS, Size, VERDICTS } from "./wire.ts";

/** Rounds that have room of their own: that at work, and the one before until it has been read. */
export const ROUNDS = 2;

/** Names whose numbers the kernel remembers; one beyond is announced again. */
const KNOWN_FILES = 32_768; // about 3 MB
const KNOWN_GROUPS = 4096;
const KNOWN_TEXTS = 8192; // about 3 MB
const KNOWN_STACKS = 8192; // about 1 MB, and fewer than user space has places for

/** Sums of mapped I/O that the kernel keeps, of a thread and a file each: about half a megabyte. */
const MAPPED_SUMS = 4096;

/**
 * Free entries of an LRU map that a CPU takes for itself at once (LOCAL_FREE_TARGET in kernel/bpf/bpf_lru_list.c). Before Linux
 * 6.17 these are not fewer in a small map: as many CPUs as use them up leave the next one a single entry, which it drives out
 * again and again.
 */
const FREE_PER_CPU = 128;

/** What the sizes of maps depend on. */
export interface MapNeeds {
  /** CPUs that the machine may have. */
  cpus: number;
  /** Numbers that the kernel gives to threads are below this. */
  pidMax: number;
  ringBytes: number;
  /** Whether calls may be added up. */
  samples: boolean;
  stacks: boolean;
  mapped: boolean;
}

/** Entries of the maps that are sized for the machine, and for what a trace is asked; the others have theirs in the object. */
export function mapEntries(
  { cpus, pidMax, ringBytes, samples, stacks, mapped }: MapNeeds,
): Record<string, number> {
  const remembered = (entries: number) => Math.max(entries, 2 * FREE_PER_CPU * cpus);
  return {
    ring: ringBytes,
    verdicts: Math.ceil(pidMax / VERDICTS),
    files: remembered(KNOWN_FILES),
    group_names: remembered(KNOWN_GROUPS),
    ...(samples && {
      cells: ROUNDS * CELLS,
      chunks: ROUNDS * CHUNKS,
      cell_numbers: remembered(4 * ROUNDS * CELLS), // keys that were met once are in it too
      text_numbers: remembered(KNOWN_TEXTS),
    }),
    ...(stacks && { stacks: remembered(KNOWN_STACKS) }),
    ...(mapped && { mapped: MAPPED_SUMS }),
  };
}

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
