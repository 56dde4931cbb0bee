/**
 * Programs as libbpf has made them for the running kernel, kept until the machine starts again. A load from them needs neither
 * the kernel's types nor libbpf's search in them, and the kernel verifies several programs at once.
 */
import { IorError } from "../runtime/errors.ts";
import { FfiError } from "./ffi/errors.ts";
import { INSTRUCTION_BYTES, type Libbpf, LOAD_NUMBER, type MapSpec, type ProgramSpec } from "./ffi/libbpf.ts";
import { LoadedObject, type LoadedProgram, type LoadOptions, ringRefused } from "./object.ts";

/** Which bytes of a file: from where, how many. */
export type Place = readonly [from: number, bytes: number];

/** A map as the kernel had it; its entries are these unless the load says others. */
export interface PreparedMap extends Omit<MapSpec, "typesFd" | "innerMapFd"> {
  /** Whether its values are rings, the only maps that are values in ior's object. */
  ofRings: boolean;
  /** What its only entry holds at first, unless the load says it; `null` for zeros. */
  value: Place | null;
  /** Programs by index, of a map of programs. */
  programs: [index: number, program: string][];
}

/** A program as it was given to the kernel, but that references to maps are indexes of the prepared maps. */
export interface PreparedProgram
  extends Omit<ProgramSpec, "license" | "typesFd" | "instructions" | "functions"> {
  section: string;
  instructions: Place;
  functions: Place;
}

/** What stands at the beginning of the file, as JSON. */
export interface PreparedHead {
  /** The kernel's number of its start: what was prepared for one is nothing to another. */
  boot: string;
  /** Version of the libbpf that has prepared it. */
  libbpf: string;
  leftOut: readonly string[];
  /** Maps whose entries the load says. */
  sized: readonly string[];
  license: string;
  /** The object that it was made of. */
  object: Place;
  types: Place;
  /** The ring first: when the kernel has no room for it, the less is to be given back. */
  maps: PreparedMap[];
  /** The largest first: they take longest. */
  programs: PreparedProgram[];
}

/** Section that user space fills in, and nobody changes after that: see `BPF_F_RDONLY_PROG` in `linux/bpf.h`. */
const CONFIG = ".rodata.config";

/** Size of the ring that only shows what the values of a map are: a multiple of every page. */
const RING_BYTES = 65_536;

/** The ring of all records, or of names. */
export const RING = "ring";

/** In front of the head: its bytes as a number. */
const LENGTH_BYTES = 4;

/** The kinds of a number that refer to a map (`linux/bpf.h`). */
const MAP_REFERENCES = [1, 2];

/** The indexes of 32-bit numbers in a program that refer to maps. */
export function mapReferences(instructions: Uint8Array<ArrayBuffer>): number[] {
  const found = [];
  for (let at = 0; at < instructions.length; at += INSTRUCTION_BYTES) {
    if (instructions[at] !== LOAD_NUMBER) continue;
    if (MAP_REFERENCES.includes(instructions[at + 1] >> 4)) found.push((at + 4) / 4);
    at += INSTRUCTION_BYTES; // the upper half of the number
  }
  return found;
}

/** A file of what was prepared. */
export function encodePrepared(head: PreparedHead, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const file = new Uint8Array(LENGTH_BYTES + text.length + body.length);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, LENGTH_BYTES);
  file.set(body, LENGTH_BYTES + text.length);
  return file;
}

/** Its head, and the bytes behind it. */
export function decodePrepared(
  file: Uint8Array<ArrayBuffer>,
): { head: PreparedHead; body: Uint8Array<ArrayBuffer> } {
  const end = LENGTH_BYTES + new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  return {
    head: JSON.parse(new TextDecoder().decode(file.subarray(LENGTH_BYTES, end))),
    body: file.subarray(end),
  };
}

/**
 * Loads what was prepared; `null` when it is for something else.
 *
 * @throws {IorError} `ring_refused` when the kernel has no room for the ring.
 * @throws {FfiError} When the kernel refuses anything else, and other errors for a damaged file.
 */
export async function loadPrepared(
  libbpf: Libbpf,
  file: Uint8Array<ArrayBuffer>,
  boot: string,
  options: LoadOptions,
): Promise<LoadedObject | null> {
  const { head, body } = decodePrepared(file);
  if (head.boot !== boot || head.libbpf !== libbpf.version) return null;
  if (head.leftOut.join() !== options.leftOut.join()) return null;
  if (head.sized.join() !== Object.keys(options.maxEntries).join()) return null;
  const partOf = ([from, bytes]: Place) => body.subarray(from, from + bytes);
  if (!isEqual(partOf(head.object), options.bytes)) return null;
  using made = new DisposableStack();
  const close = (fd: number) => libbpf.close(fd);
  const keep = (fd: number) => made.adopt(fd, close);
  using passing = new DisposableStack();
  const typesFd = passing.adopt(libbpf.loadTypes(partOf(head.types)), close);
  const maps = new Map(head.maps.map((map) => {
    using ring = new DisposableStack();
    const { name, keyType, valueType } = map;
    const fd = keep(createMap(libbpf, {
      ...map,
      maxEntries: options.maxEntries[name] ?? map.maxEntries,
      typesFd: keyType === 0 && valueType === 0 ? 0 : typesFd,
      innerMapFd: map.ofRings ? ring.adopt(libbpf.createRing("ior_ring", RING_BYTES), close) : 0,
    }));
    const value = name === CONFIG ? options.config : map.value && partOf(map.value);
    if (value !== null) libbpf.updateElement(fd, new Uint8Array(4), value);
    if (name === CONFIG) libbpf.freezeMap(fd);
    return [name, fd];
  }));
  const mapFds = [...maps.values()];
  const programs = new Map<string, LoadedProgram>();
  const queue = head.programs.values();
  const loads = Array.from({ length: navigator.hardwareConcurrency }, async () => {
    for (const program of queue) {
      const loaded = libbpf.loadProgram({
        ...program,
        license: head.license,
        instructions: withMaps(partOf(program.instructions).slice(), mapFds),
        functions: partOf(program.functions),
        typesFd,
      });
      programs.set(program.name, { section: program.section, fd: keep(await loaded) });
    }
  });
  for (const load of await Promise.allSettled(loads)) if (load.status === "rejected") throw load.reason;
  for (const map of head.maps) {
    for (const [index, program] of map.programs) {
      libbpf.updateElement(maps.get(map.name)!, bytesOf(index), bytesOf(programs.get(program)!.fd));
    }
  }
  const owned = made.move();
  return new LoadedObject(libbpf, {
    mapFd: (name) => existing(maps, name),
    program: (name) => existing(programs, name),
    close: () => owned.dispose(),
  });
}

/** Where prepared programs are kept; the system forgets it when it stops. */
const FOLDER = "/run/ior-programs";

const ROOT = 0;
const WRITABLE_FOR_OTHERS = 0o022;

/** Prepared programs, a file for each set of programs that are left out, in a folder that only root can write to. */
export class KeptPrograms {
  readonly #folder: string;
  /** The kernel's number of its start. */
  readonly boot: string;

  private constructor(boot: string, folder: string) {
    this.boot = boot;
    this.#folder = folder;
  }

  /** What is kept for this start of the kernel; `null` when its number is unknown, and for a process that may not keep it. */
  static open(boot: string | null, folder = FOLDER): KeptPrograms | null {
    const needed = [
      { name: "sys", kind: "uid" },
      { name: "read", path: folder },
      { name: "write", path: folder },
    ] as const;
    // Asked for without being granted, a permission would be a question on the terminal.
    if (needed.some((one) => Deno.permissions.querySync(one).state !== "granted")) return null;
    return boot === null || Deno.uid() !== ROOT ? null : new KeptPrograms(boot, folder);
  }

  /** Makes the folder if it is missing; false when what is in it could be another user's. */
  makeFolder(): boolean {
    try {
      Deno.mkdirSync(this.#folder, { mode: 0o700 });
    } catch {
      // It is there, or cannot be.
    }
    return isOnlyRoots(this.#folder, "isDirectory");
  }

  /** Loads what is kept for these options; `null` when there is nothing that serves. */
  async load(libbpf: Libbpf, options: LoadOptions): Promise<LoadedObject | null> {
    const path = this.#pathFor(options);
    if (!isOnlyRoots(this.#folder, "isDirectory") || !isOnlyRoots(path, "isFile")) return null;
    try {
      return await loadPrepared(libbpf, Deno.readFileSync(path), this.boot, options);
    } catch (error) {
      if (error instanceof IorError && error.reason === "ring_refused") throw error;
      return null; // What is damaged or refused is as nothing: libbpf loads it, or says why not.
    }
  }

  /** Keeps what `prepare` makes for the next load. Where that is not possible nothing is kept. */
  keep(options: LoadOptions, prepare: () => Uint8Array): void {
    const path = this.#pathFor(options);
    const made = `${path}.${Deno.pid}`;
    try {
      Deno.writeFileSync(made, prepare(), { createNew: true, mode: 0o600 });
      Deno.renameSync(made, path);
    } catch {
      try {
        Deno.removeSync(made);
      } catch {
        // It was not made.
      }
    }
  }

  #pathFor({ leftOut }: LoadOptions): string {
    return `${this.#folder}/${["without", ...leftOut].join("-")}`;
  }
}

function isOnlyRoots(path: string, kind: "isFile" | "isDirectory"): boolean {
  try {
    const status = Deno.lstatSync(path);
    return status[kind] && status.uid === ROOT && (status.mode! & WRITABLE_FOR_OTHERS) === 0;
  } catch {
    return false;
  }
}

function createMap(libbpf: Libbpf, map: MapSpec): number {
  try {
    return libbpf.createMap(map);
  } catch (cause) {
    throw map.name === RING && cause instanceof FfiError ? ringRefused(map.maxEntries, cause) : cause;
  }
}

function existing<T>(parts: ReadonlyMap<string, T>, name: string): T {
  const part = parts.get(name);
  if (part === undefined) throw new Error(`Nothing was loaded with the name ${name}`);
  return part;
}

function withMaps(instructions: Uint8Array<ArrayBuffer>, fds: readonly number[]): Uint8Array<ArrayBuffer> {
  const numbers = new Uint32Array(instructions.buffer);
  for (const at of mapReferences(instructions)) numbers[at] = fds[numbers[at]];
  return instructions;
}

function bytesOf(number: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(number).buffer);
}

/** Whether the bytes are the same: half a megabyte of them at each start, so four are compared at once. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  const [words, otherWords] = [one, other].map(wordsOf);
  for (let i = 0; i < words.length; i++) if (words[i] !== otherWords[i]) return false;
  return true;
}

/** A copy as numbers of 32 bits, with zeros behind its end. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}
