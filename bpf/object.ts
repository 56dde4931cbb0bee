import { IorError } from "../runtime/errors.ts";
import { FfiError } from "./ffi/errors.ts";
import type { Libbpf, ProgramStats } from "./ffi/libbpf.ts";

/** Parameters of loading the kernel object. */
export interface LoadOptions {
  /** The object. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Content of the section `.rodata.config`. */
  config: Uint8Array<ArrayBuffer>;
  /** Entries of maps that are sized for this machine. */
  maxEntries: Readonly<Record<string, number>>;
  /** Programs that this kernel has nothing to attach to. */
  leftOut: readonly string[];
}

/**
 * A kernel object through its phases, each a type that offers only what is legal in it: opened (sizes, configuration,
 * which programs), loaded (maps and descriptors), and programs attached. Disposing releases everything in
 * reverse order.
 */
export class OpenedObject implements Disposable {
  readonly #libbpf: Libbpf;
  #object: Deno.PointerObject | null;

  constructor(libbpf: Libbpf, bytes: Uint8Array<ArrayBuffer>) {
    this.#libbpf = libbpf;
    this.#object = libbpf.openObject(bytes);
  }

  setMaxEntries(map: string, entries: number): void {
    this.#libbpf.setMaxEntries(this.#libbpf.findMap(this.#pointer(), map), entries);
  }

  setSection(section: string, value: Uint8Array<ArrayBuffer>): void {
    this.#libbpf.setInitialValue(this.#libbpf.findMap(this.#pointer(), section), value);
  }

  leaveOut(program: string): void {
    this.#libbpf.setAutoload(this.#libbpf.findProgram(this.#pointer(), program), false);
  }

  /** See {@linkcode Libbpf.passOverModules}. `program` is any of the object. */
  passOverModules(program: string): void {
    this.#libbpf.passOverModules(this.#libbpf.findProgram(this.#pointer(), program));
  }

  /**
   * Loads the object, which consumes this one.
   *
   * @param read Reads what libbpf has loaded.
   * @throws {FfiError} When the kernel rejects it; `detail` holds libbpf's log, including the verifier's.
   */
  load(read: (object: Deno.PointerObject) => void = () => {}): LoadedObject {
    const libbpf = this.#libbpf;
    const object = this.#pointer();
    libbpf.loadObject(object);
    read(object);
    this.#object = null;
    return new LoadedObject(libbpf, {
      mapFd: (name) => libbpf.mapFd(libbpf.findMap(object, name)),
      program: (name) => {
        const program = libbpf.findProgram(object, name);
        return { fd: libbpf.programFd(program), section: libbpf.sectionOf(program) };
      },
      close: () => libbpf.closeObject(object),
    });
  }

  [Symbol.dispose](): void {
    if (this.#object) this.#libbpf.closeObject(this.#object);
    this.#object = null;
  }

  #pointer(): Deno.PointerObject {
    if (!this.#object) throw new Error("Cannot use an object that was loaded or closed");
    return this.#object;
  }
}

/** A program that is in the kernel. */
export interface LoadedProgram {
  fd: number;
  /** Its section of the object, which says what it is attached to. */
  section: string;
}

/** What a load has put into the kernel, by name. */
export interface LoadedParts {
  /** Descriptor of a map. */
  mapFd(name: string): number;
  program(name: string): LoadedProgram;
  /** Gives all of it back. */
  close(): void;
}

/** `BPF_TRACE_ITER` and `BPF_PERF_EVENT` of `enum bpf_attach_type` (`linux/bpf.h`). */
const TRACE_ITER = 28;
const PERF_EVENT = 41;

/** Sections of programs for a tracepoint that name it; those of `tp_btf` are loaded for theirs. */
const NAMES_TRACEPOINT = /^raw_(?:tp|tracepoint)\/(.+)$/;

/** A loaded object: maps and programs are in the kernel. */
export class LoadedObject implements Disposable {
  readonly #libbpf: Libbpf;
  readonly #parts: LoadedParts;
  /** Descriptors of links, and of what they are attached to. */
  readonly #links: number[] = [];

  constructor(libbpf: Libbpf, parts: LoadedParts) {
    this.#libbpf = libbpf;
    this.#parts = parts;
  }

  mapFd(name: string): number {
    return this.#parts.mapFd(name);
  }

  programStats(name: string): ProgramStats {
    return this.#libbpf.programStats(this.#parts.program(name).fd);
  }

  attach(program: string): void {
    const { fd, section } = this.#parts.program(program);
    const tracepoint = NAMES_TRACEPOINT.exec(section)?.[1] ?? null;
    this.#links.push(this.#libbpf.attachTracepoint(fd, tracepoint, cannotAttach(program)));
  }

  /** Attaches a program to an event of perf, whose descriptor is then this object's. */
  attachPerfEvent(program: string, event: number): void {
    this.#links.push(event);
    const { fd } = this.#parts.program(program);
    this.#links.push(this.#libbpf.attachLink(fd, event, PERF_EVENT, cannotAttach(program)));
  }

  /** Attaches the first of these programs that the kernel takes where all of them belong. */
  attachFirst(programs: readonly string[]): void {
    for (const program of programs.slice(0, -1)) {
      try {
        return this.attach(program);
      } catch (error) {
        if (!(error instanceof FfiError)) throw error;
      }
    }
    this.attach(programs.at(-1)!);
  }

  /** Runs an iterator program over everything it iterates; `read` empties its descriptor. */
  iterate(program: string, read: (fd: number) => void): void {
    const { fd } = this.#parts.program(program);
    const link = this.#libbpf.attachLink(fd, 0, TRACE_ITER, cannotAttach(program));
    try {
      read(this.#libbpf.createIterator(link, `Cannot run iterator ${program}`));
    } finally {
      this.#libbpf.close(link);
    }
  }

  /** Detaches every program, last attached first. */
  detach(): void {
    for (const link of this.#links.splice(0).reverse()) this.#libbpf.close(link);
  }

  [Symbol.dispose](): void {
    this.detach();
    this.#parts.close();
  }
}

function cannotAttach(program: string): string {
  return `Cannot attach program ${program}`;
}

/** The error of a ring that the kernel does not make, or does not let this process see. */
export function ringRefused(bytes: number, cause: FfiError): IorError {
  const message = `Cannot make a ring of ${bytes} bytes: the kernel has no room for it`;
  return new IorError("runtime", message, { reason: "ring_refused", detail: cause.detail, cause });
}
