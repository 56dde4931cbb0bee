import { FfiError } from "./ffi/errors.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import type { Libc } from "./ffi/libc.ts";
import { onlineCpus } from "./machine.ts";
import { type LoadedObject, ringRefused } from "./object.ts";
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

/** On a machine with fewer CPUs, one ring has all. */
const CPUS_WITH_RINGS = 32;

/** CPUs that a ring of rows is made for, and the most rings: more would cost the reader more than the lock of a ring does. */
const CPUS_PER_RING = 8;
const MOST_RINGS = 8;

/** How the bytes of `--ring-size` are used. */
export interface RingSizes {
  /** Bytes of the ring of names, or of the only one. */
  ring: number;
  /** Bytes of each ring of rows; they are as many as the groups of CPUs, none when there is one ring. */
  rowRings: readonly number[];
}

/** Groups of CPUs that have a ring of their own, a power of two: 1 for one ring of all. */
export function ringGroups(onlineCpus: number): number {
  if (onlineCpus < CPUS_WITH_RINGS) return 1;
  return Math.min(2 ** Math.floor(Math.log2(onlineCpus / CPUS_PER_RING)), MOST_RINGS);
}

/** Half of the bytes, a power of two, is for names, the rest for rows, but no ring is smaller than a page. */
export function ringSizes(bytes: number, groups: number, pageBytes: number): RingSizes {
  const most = Math.min(groups, bytes / 2 / pageBytes);
  if (most < 2) return { ring: bytes, rowRings: [] };
  return { ring: bytes / 2, rowRings: Array(most).fill(bytes / 2 / most) };
}

/** The group of a CPU: neighbours are in the same one. CPUs may exist that are not at work, mostly the last. */
export function groupOf(cpu: number, onlineCpus: number, groups: number): number {
  return Math.floor(cpu / Math.ceil(onlineCpus / groups)) % groups;
}

/** A ring as memory of this process. */
export interface RingMemory {
  /** Bytes of the data. */
  size: number;
  /** The page that says how far it was read. */
  consumer: ArrayBuffer;
  /** The page that says how far it was written, and the data behind it. */
  data: ArrayBuffer;
}

/** What the sizes of maps depend on. */
export interface MapNeeds {
  /** CPUs that the machine may have. */
  cpus: number;
  /** Numbers that the kernel gives to threads are below this. */
  pidMax: number;
  /** Bytes of the ring of all CPUs. */
  ringBytes: number;
  /** Whether rows have rings of their own. */
  rowRings: boolean;
  /** Whether calls may be added up. */
  samples: boolean;
  stacks: boolean;
  mapped: boolean;
}

/** Entries of all maps that are sized for the machine, or for what a trace is asked; the others have theirs in the object. */
export function mapEntries(
  { cpus, pidMax, ringBytes, rowRings, samples, stacks, mapped }: MapNeeds,
): Record<string, number> {
  const remembered = (entries: number) => Math.max(entries, 2 * FREE_PER_CPU * cpus);
  return {
    ring: ringBytes,
    row_rings: rowRings ? cpus : 1,
    verdicts: Math.ceil(pidMax / VERDICTS),
    files: remembered(KNOWN_FILES),
    group_names: remembered(KNOWN_GROUPS),
    cells: samples ? ROUNDS * CELLS : 1,
    chunks: samples ? ROUNDS * CHUNKS : 1,
    cell_numbers: samples ? remembered(4 * ROUNDS * CELLS) : 1, // keys that were met once are in it too
    text_numbers: samples ? remembered(KNOWN_TEXTS) : 1,
    stacks: stacks ? remembered(KNOWN_STACKS) : 1,
    mapped: mapped ? MAPPED_SUMS : 1,
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
  /** The ring of names, or of all records. */
  readonly ring: RingMemory;
  /** The rings of rows, by group of CPUs; none when there is one ring. */
  readonly rowRings: readonly RingMemory[];

  /** @throws {IorError} When the kernel gives no memory. */
  constructor(libc: Libc, libbpf: Libbpf, object: LoadedObject, rings: RingSizes, samples: boolean) {
    this.#libc = libc;
    this.#object = object;
    using undo = new DisposableStack();
    undo.use(this);
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
    this.ring = this.#mapRing(object.mapFd("ring"), rings.ring);
    this.rowRings = this.#makeRowRings(libbpf, rings.rowRings);
    undo.move();
  }

  [Symbol.dispose](): void {
    this.#mappings.dispose();
  }

  /** Makes a ring for each group of CPUs, and tells the programs which is that of a CPU. */
  #makeRowRings(libbpf: Libbpf, sizes: readonly number[]): RingMemory[] {
    using fds = new DisposableStack();
    const made = sizes.map((size) => {
      try {
        return fds.adopt(libbpf.createRing("ior_rows", size), (fd) => this.#libc.close(fd));
      } catch (cause) {
        throw cause instanceof FfiError ? ringRefused(size, cause) : cause;
      }
    });
    const cpus = made.length === 0 ? 0 : libbpf.possibleCpus();
    const online = onlineCpus(this.#libc);
    for (let cpu = 0; cpu < cpus; cpu++) {
      const fd = made[groupOf(cpu, online, made.length)];
      const [key, value] = [cpu, fd].map((number) => new Uint8Array(Uint32Array.of(number).buffer));
      libbpf.updateElement(this.#object.mapFd("row_rings"), key, value);
    }
    return made.map((fd, group) => this.#mapRing(fd, sizes[group]));
  }

  #mapRing(fd: number, size: number): RingMemory {
    const page = this.#libc.pageBytes;
    try {
      const consumer = this.#mapFd(fd, page);
      return { size, consumer, data: this.#mapFd(fd, page + size, page, false) };
    } catch (cause) {
      throw cause instanceof FfiError ? ringRefused(size, cause) : cause;
    }
  }

  #map(map: string, bytes: number): ArrayBuffer {
    return this.#mapFd(this.#object.mapFd(map), bytes);
  }

  #mapFd(fd: number, bytes: number, offset = 0, writable = true): ArrayBuffer {
    const page = this.#libc.pageBytes;
    const length = Math.ceil(bytes / page) * page;
    const mapping = this.#libc.map(fd, length, offset, writable);
    this.#mappings.defer(() => this.#libc.unmap(mapping));
    return mapping.buffer;
  }
}
