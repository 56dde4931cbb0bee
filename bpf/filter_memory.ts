import type { KernelFilter } from "../runtime/filter/mod.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import type { NameJudge } from "./judge.ts";
import { FILTERS, Offset, Owner, REJECTED_SLOTS, Size, type Walk } from "./wire.ts";

/** What the filters are written to. */
export interface FilterMaps {
  /** Memory of the section `.data.filters`. */
  filters: ArrayBuffer;
  rejectedTasks: Uint32Array;
  rejectedFiles: Uint32Array;
  /** Descriptor of the map `owners`. */
  ownersFd: number;
}

/**
 * The conditions of the filter that the kernel programs look at, beside the call table. A change writes the place of
 * the next filter and then makes it the current one: every run of a program sees one filter as a whole.
 */
export class FilterMemory {
  readonly #libbpf: Pick<Libbpf, "updateElement" | "deleteElement">;
  readonly #maps: FilterMaps;
  readonly #current: Int32Array;
  readonly #bytes: DataView;
  /** Keys of the users and groups of each place. */
  readonly #owners: Uint8Array<ArrayBuffer>[][] = Array.from({ length: FILTERS }, () => []);
  #number = 0;

  constructor(
    libbpf: Pick<Libbpf, "updateElement" | "deleteElement">,
    maps: FilterMaps,
    first: KernelFilter,
    judge: NameJudge,
  ) {
    this.#libbpf = libbpf;
    this.#maps = maps;
    this.#current = new Int32Array(maps.filters, Offset.filters.current, Offset.filters.of / 4);
    this.#bytes = new DataView(maps.filters, Offset.filters.of, FILTERS * Size.filter);
    this.#write(first, judge);
  }

  /** The number of the last filter that was written: the first one has 0. */
  get number(): number {
    return this.#number;
  }

  /** Writes the next filter, which no program looks at yet, and takes back what was rejected by name. */
  prepare(selection: KernelFilter, judge: NameJudge): void {
    this.#number++;
    this.#write(selection, judge);
    // Rows of the filter that ends are judged once more where they are decoded.
    this.#maps.rejectedTasks.fill(0);
    this.#maps.rejectedFiles.fill(0);
  }

  /** Makes the filter that was prepared the current one. */
  publish(): void {
    Atomics.store(this.#current, 0, this.#number);
  }

  /** Sets what the next walk over all tasks does. */
  setWalk(walk: typeof Walk[keyof typeof Walk]): void {
    this.#current[Offset.filters.walk / 4] = walk;
  }

  /** Calls of a task are dropped from now on. */
  rejectTask(id: number): void {
    this.#maps.rejectedTasks[id % REJECTED_SLOTS] = id;
  }

  /** Calls on a file alone are dropped from now on. */
  rejectFile(id: number): void {
    this.#maps.rejectedFiles[id % REJECTED_SLOTS] = id;
  }

  #write(selection: KernelFilter, judge: NameJudge): void {
    const place = this.#number % FILTERS;
    const at = place * Size.filter;
    const { slower_ns, failed_only, owners, judge_tasks, judge_files, judge_calls, judge_by_files } =
      Offset.filter;
    const { uids, gids } = selection;
    this.#bytes.setBigUint64(at + slower_ns, BigInt(selection.slowerNs), true);
    this.#bytes.setUint8(at + failed_only, selection.failedOnly ? 1 : 0);
    const kinds = (uids.length > 0 ? Owner.USER : 0) | (gids.length > 0 ? Owner.GROUP : 0);
    this.#bytes.setUint8(at + owners, kinds);
    this.#bytes.setUint8(at + judge_tasks, judge.taskMode);
    this.#bytes.setUint8(at + judge_files, judge.fileMode);
    this.#bytes.setUint8(at + judge_calls, judge.acceptsAll ? 0 : 1);
    this.#bytes.setUint8(at + judge_by_files, judge.needsFiles ? 1 : 0);
    for (const key of this.#owners[place]) this.#libbpf.deleteElement(this.#maps.ownersFd, key);
    this.#owners[place] = [
      ...Array.from(new Set(uids), (id) => ownerKey(place, Owner.USER, id)),
      ...Array.from(new Set(gids), (id) => ownerKey(place, Owner.GROUP, id)),
    ];
    for (const key of this.#owners[place]) {
      this.#libbpf.updateElement(this.#maps.ownersFd, key, Uint8Array.of(0));
    }
  }
}

function ownerKey(place: number, kind: number, id: number): Uint8Array<ArrayBuffer> {
  const key = new DataView(new ArrayBuffer(Size.filter_owner));
  const at = Offset.filter_owner;
  key.setUint16(at.place, place, true);
  key.setUint16(at.kind, kind, true);
  key.setUint32(at.id, id, true);
  return new Uint8Array(key.buffer);
}
