import type { FileName, TaskName } from "../runtime/event_batch.ts";
import type { IorError } from "../runtime/errors.ts";
import { compileCondition, type Filter } from "../runtime/filter/mod.ts";
import type { MappedFile, MappedIo } from "../runtime/mapped_io.ts";
import { FfiError } from "./ffi/errors.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import { type Libc, SoftwareEvent } from "./ffi/libc.ts";
import type { LoadedObject } from "./object.ts";
import { Offset, Size } from "./wire.ts";

/** The program at the end of a major fault. */
const MAJOR = "ior_major";

/** CPUs that are there, as `0-3,6`. */
const ONLINE_PATH = "/sys/devices/system/cpu/online";

/** Programs for the begin of page faults: at its tracepoint, and at the event of perf where the kernel has none. */
export type FaultBegin = "ior_fault" | "ior_fault_event";

/** The sums of mapped I/O: the kernel adds up, and says whose a sum is when it is new. */
export class MappedSums {
  readonly #libc: Libc;
  readonly #libbpf: Libbpf;
  readonly #object: LoadedObject;
  readonly #begin: FaultBegin;
  /** Process and file of each sum that is selected, by the bytes of its key. */
  readonly #known = new Map<string, { task: TaskName; file: FileName }>();
  #accepts: (task: TaskName, file: FileName) => boolean = () => true;
  #lacksMajor: IorError | null = null;

  /** `begin` is the program for the begin of page faults on this kernel. */
  constructor(libc: Libc, libbpf: Libbpf, object: LoadedObject, begin: FaultBegin) {
    this.#libc = libc;
    this.#libbpf = libbpf;
    this.#object = object;
    this.#begin = begin;
  }

  /** Why major faults are not counted; `null` when they are. */
  get lacksMajor(): IorError | null {
    return this.#lacksMajor;
  }

  /**
   * Attaches the programs; major faults first, so that none is without its begin.
   *
   * @throws {IorError} When page faults cannot be followed at all.
   */
  attach(): void {
    try {
      this.#attachEvent(MAJOR, SoftwareEvent.PAGE_FAULTS_MAJ);
    } catch (error) {
      if (!(error instanceof FfiError)) throw error;
      this.#lacksMajor = error;
    }
    if (this.#begin === "ior_fault") this.#object.attach(this.#begin);
    else this.#attachEvent(this.#begin, SoftwareEvent.PAGE_FAULTS);
  }

  /**
   * Sums of this condition count from now on, and those of the one before no longer: the kernel gets their room back. `filter` is
   * the number of the filter that has it.
   */
  setCondition(where: Filter["where"], filter: number): void {
    const holds = where === null ? () => true : compileCondition(where);
    this.#accepts = (task, { path }) => holds({ ...task, path });
    this.#known.clear();
    const sums = this.#object.mapFd("mapped");
    for (const key of this.#libbpf.keysOf(sums, Size.mapped_key)) {
      const of = new DataView(key.buffer).getUint32(Offset.mapped_key.filter, true);
      if (of !== filter) this.#libbpf.deleteElement(sums, key);
    }
  }

  /** A sum is new. `key` are its bytes. */
  announce(key: Uint8Array, task: TaskName, file: FileName): void {
    if (this.#accepts(task, file)) this.#known.set(key.join(), { task, file });
  }

  /** What was added up so far. */
  take(): MappedIo {
    const sums = this.#object.mapFd("mapped");
    const files = new Map<string, MappedFile>();
    for (const key of this.#libbpf.keysOf(sums, Size.mapped_key)) {
      const known = this.#known.get(key.join());
      if (known === undefined) continue;
      const { task, file } = known;
      const sum = this.#read(sums, key);
      const of = `${task.pid} ${task.processStartNs} ${file.raw?.join() ?? file.path}`;
      const row = files.get(of) ?? {
        pid: task.pid,
        comm: task.comm,
        path: file.path,
        ...(file.raw === undefined ? {} : { raw: file.raw }),
        mappedBytes: 0,
        majorFaults: 0,
        faultNs: 0,
      };
      files.set(of, {
        ...row,
        comm: task.tid === task.pid ? task.comm : row.comm,
        mappedBytes: row.mappedBytes + sum.mappedBytes,
        majorFaults: row.majorFaults + sum.majorFaults,
        faultNs: row.faultNs + sum.faultNs,
      });
    }
    return {
      files: [...files.values()].sort((a, b) =>
        b.mappedBytes - a.mappedBytes || b.faultNs - a.faultNs || a.pid - b.pid
      ),
      missed: this.#read(this.#object.mapFd(".data.mapped"), new Uint8Array(4)),
      countsMajor: this.#lacksMajor === null,
    };
  }

  #read(map: number, key: Uint8Array<ArrayBuffer>): Omit<MappedFile, "pid" | "comm" | "path" | "raw"> {
    const value = new Uint8Array(Size.mapped_sum);
    this.#libbpf.lookupElement(map, key, value);
    const view = new DataView(value.buffer);
    const at = (field: keyof typeof Offset.mapped_sum) =>
      Number(view.getBigUint64(Offset.mapped_sum[field], true));
    return { mappedBytes: at("bytes"), majorFaults: at("faults"), faultNs: at("fault_ns") };
  }

  #attachEvent(program: string, event: bigint): void {
    for (const cpu of cpusIn(this.#libc.readSpecialText(ONLINE_PATH) ?? "0")) {
      const fd = this.#libc.openSoftwareEvent(event, cpu);
      this.#object.attachPerfEvent(program, fd);
    }
  }
}

/** Numbers of CPUs in a list of the kernel's. */
export function cpusIn(list: string): number[] {
  return list.trim().split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
