import type { Selection } from "../runtime/selection.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import type { NameJudge } from "./judge.ts";
import { FILTERS, Offset, REJECTED_SLOTS, Size } from "./wire.ts";

/** What the filters are written to. */
export interface FilterMaps {
  /** Memory of the section `.data.filters`. */
  filters: ArrayBuffer;
  rejectedTasks: Uint32Array;
  rejectedFiles: Uint32Array;
  /** Descriptor of the map `uids`. */
  uidsFd: number;
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
  /** Users of each place. */
  readonly #uids: number[][] = Array.from({ length: FILTERS }, () => []);
  #number = 0;

  constructor(
    libbpf: Pick<Libbpf, "updateElement" | "deleteElement">,
    maps: FilterMaps,
    first: Selection,
    judge: NameJudge,
  ) {
    this.#libbpf = libbpf;
    this.#maps = maps;
    this.#current = new Int32Array(maps.filters, Offset.filters.current, 1);
    this.#bytes = new DataView(maps.filters, Offset.filters.of, FILTERS * Size.filter);
    this.#write(first, judge);
  }

  /** Writes the next filter, which no program looks at yet, and takes back what was rejected by name. */
  prepare(selection: Selection, judge: NameJudge): void {
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

  /** Calls of a task are dropped from now on. */
  rejectTask(id: number): void {
    this.#maps.rejectedTasks[id % REJECTED_SLOTS] = id;
  }

  /** Calls on a file alone are dropped from now on. */
  rejectFile(id: number): void {
    this.#maps.rejectedFiles[id % REJECTED_SLOTS] = id;
  }

  #write(selection: Selection, judge: NameJudge): void {
    const place = this.#number % FILTERS;
    const at = place * Size.filter;
    const { slower_ns, failed_only, uids, judge_tasks, judge_files } = Offset.filter;
    this.#bytes.setBigUint64(at + slower_ns, BigInt(selection.slowerNs), true);
    this.#bytes.setUint8(at + failed_only, selection.failedOnly ? 1 : 0);
    this.#bytes.setUint8(at + uids, selection.uids.length > 0 ? 1 : 0);
    this.#bytes.setUint8(at + judge_tasks, judge.taskMode);
    this.#bytes.setUint8(at + judge_files, judge.fileMode);
    const key = (uid: number) => new Uint8Array(Uint32Array.of(place, uid).buffer);
    for (const uid of this.#uids[place]) this.#libbpf.deleteElement(this.#maps.uidsFd, key(uid));
    this.#uids[place] = [...new Set(selection.uids)];
    for (const uid of this.#uids[place]) {
      this.#libbpf.updateElement(this.#maps.uidsFd, key(uid), Uint8Array.of(0));
    }
  }
}
