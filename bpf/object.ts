import { FfiError } from "./ffi/errors.ts";
import type { Libbpf, ProgramStats } from "./ffi/libbpf.ts";

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

  /**
   * Loads the object, which consumes this one.
   *
   * @throws {FfiError} When the kernel rejects it; `detail` holds libbpf's log, including the verifier's.
   */
  load(): LoadedObject {
    const object = this.#pointer();
    this.#libbpf.loadObject(object);
    this.#object = null;
    return new LoadedObject(this.#libbpf, object);
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

/** A loaded object: maps and programs are in the kernel. */
export class LoadedObject implements Disposable {
  readonly #libbpf: Libbpf;
  readonly #object: Deno.PointerObject;
  readonly #links: Deno.PointerObject[] = [];

  constructor(libbpf: Libbpf, object: Deno.PointerObject) {
    this.#libbpf = libbpf;
    this.#object = object;
  }

  mapFd(name: string): number {
    return this.#libbpf.mapFd(this.#libbpf.findMap(this.#object, name));
  }

  programStats(name: string): ProgramStats {
    return this.#libbpf.programStats(this.#libbpf.programFd(this.#libbpf.findProgram(this.#object, name)));
  }

  attach(program: string): void {
    this.#links.push(this.#libbpf.attach(this.#libbpf.findProgram(this.#object, program), program));
  }

  /** Attaches a program to an event of perf, whose descriptor is then this object's. */
  attachPerfEvent(program: string, event: number): void {
    const found = this.#libbpf.findProgram(this.#object, program);
    this.#links.push(this.#libbpf.attachPerfEvent(found, program, event));
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

  /** Runs an iterator program; `read` empties its descriptor. */
  iterate(program: string, read: (fd: number) => void): void {
    this.#libbpf.iterate(this.#libbpf.findProgram(this.#object, program), program, read);
  }

  /** Detaches every program, last attached first. */
  detach(): void {
    for (const link of this.#links.splice(0).reverse()) this.#libbpf.destroyLink(link);
  }

  [Symbol.dispose](): void {
    this.detach();
    this.#libbpf.closeObject(this.#object);
  }
}
