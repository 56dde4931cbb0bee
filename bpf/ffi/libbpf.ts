import { IorError } from "../../runtime/errors.ts";
import { check, FfiError } from "./errors.ts";
import { cString, type Libc } from "./libc.ts";
import { LIBBPF_SYMBOLS } from "./libbpf_symbols.ts";

/** Names under which the system's libbpf 1 is found. */
const LIBRARY_NAMES = ["libbpf.so.1", "libbpf.so"];

/** What libbpf is linked to besides the C library, each after what it needs itself. Not every build needs all of them. */
export const LIBRARIES_BELOW = ["libz.so.1", "libzstd.so.1", "liblzma.so.5", "libbz2.so.1.0", "libelf.so.1"];

/** Oldest libbpf 1 minor version that has every function used. */
const OLDEST_MINOR = 1;

const BPF_STATS_RUN_TIME = 0;
const BPF_MAP_TYPE_RINGBUF = 27;

/** The kernel's result for what takes a capability, and after the last key of a map. */
const EPERM = 1;
export const ENOENT = 2;

/** Entries of a map that are read at once: more than share a place in its table. */
const ENTRIES = 1024;

/** What the kernel writes of the place in a hash map where the next entries are. */
const PLACE_BYTES = 4;

/** Requested length of `struct bpf_prog_info`, and the offsets of its run-time statistics (`linux/bpf.h`). */
const PROG_INFO_BYTES = 224;
const PROG_INFO_RUN_TIME_NS = 192;
const PROG_INFO_RUN_COUNT = 200;
const PROG_INFO_RECURSION_MISSES = 208;

/** Run-time statistics of a loaded program; times count only while statistics are enabled. */
export interface ProgramStats {
  runTimeNs: number;
  runCount: number;
  recursionMisses: number;
}

/** Where `struct bpf_map_create_opts` has what is given, and its size (`bpf/bpf.h` of libbpf 1.1). */
const MapOptions = { TYPES: 8, KEY_TYPE: 12, VALUE_TYPE: 16, INNER_MAP: 24, FLAGS: 28, BYTES: 48 } as const;

/** The same of `struct bpf_prog_load_opts`. */
const ProgramOptions = {
  EXPECTED_ATTACH_TYPE: 12,
  TYPES: 16,
  FLAGS: 20,
  ATTACHED_TYPE: 32,
  FUNCTIONS: 56,
  FUNCTION_COUNT: 64,
  FUNCTION_BYTES: 68,
  BYTES: 104,
} as const;

/** Bytes of `struct bpf_insn`, and of `struct bpf_func_info` (`linux/bpf.h`). */
export const INSTRUCTION_BYTES = 8;
const FUNCTION_BYTES = 8;

/** `BPF_LD | BPF_IMM | BPF_DW`: an instruction with a number of 64 bits, which is as long as two. */
export const LOAD_NUMBER = 0x18;

/** A map to make. */
export interface MapSpec {
  type: number;
  name: string;
  keyBytes: number;
  valueBytes: number;
  maxEntries: number;
  flags: number;
  /** Descriptor of the types that these two are numbers of; 0 for none. */
  typesFd: number;
  keyType: number;
  valueType: number;
  /** A map as those that are the values of this one; 0 for none. */
  innerMapFd: number;
}

/** A program to load. */
export interface ProgramSpec {
  type: number;
  name: string;
  license: string;
  expectedAttachType: number;
  flags: number;
  /** Number, among the kernel's types, of what it is attached to; 0 for none. */
  attachedType: number;
  instructions: Uint8Array<ArrayBuffer>;
  /** Where its functions begin, and the numbers of their types. */
  functions: Uint8Array<ArrayBuffer>;
  /** Descriptor of these types. */
  typesFd: number;
}

/** int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *format, va_list args) */
const PRINT = { parameters: ["i32", "pointer", "pointer"], result: "i32" } as const;

/**
 * The system's libbpf, opened on demand. What it says of a call that failed is in the error's detail; while an object is opened
 * and loaded it is only heard within {@linkcode Libbpf.withLog}. No function is called with a null pointer: libbpf does not
 * check, and the process would crash.
 */
export class Libbpf implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof LIBBPF_SYMBOLS>;
  readonly #print: Deno.UnsafeCallback<typeof PRINT>;
  readonly #log: string[] = [];
  readonly #libc: Libc;
  /** Name or path that the library was opened by. */
  readonly name: string;
  /** "1.1", as reported by the library. */
  readonly version: string;

  /**
   * @throws {IorError} When there is no libbpf 1 or it is too old.
   */
  constructor(libc: Libc, names: readonly string[] = ownLibrary() ?? LIBRARY_NAMES) {
    this.#libc = libc;
    [this.#library, this.name] = openFirst(names);
    const version = textAt(this.#library.symbols.libbpf_version_string());
    this.version = version === "" ? "unknown" : version.replace(/^v/, "");
    const [major, minor] = this.version.split(".").map(Number);
    if (major !== 1 || minor < OLDEST_MINOR) {
      this.#library.close();
      throw new IorError(
        "unsupported",
        `Cannot use libbpf ${this.version}: ior needs 1.${OLDEST_MINOR} or a newer 1.x`,
        {
          hint: "Install the libbpf1 package of a newer release",
        },
      );
    }
    this.#print = new Deno.UnsafeCallback(PRINT, (_level, format, args) => {
      if (format !== null && args !== null) this.#log.push(libc.format(format, args));
      return 0;
    });
    this.#library.symbols.libbpf_set_print(null);
  }

  /**
   * Runs `act` while libbpf is heard. To load ior's programs it says five thousand lines, each a call back from libbpf: a fifth
   * of the CPU time of the load (2026-11).
   */
  withLog<T>(act: () => T): T {
    this.#takeLog();
    this.#library.symbols.libbpf_set_print(this.#print.pointer);
    try {
      return act();
    } finally {
      this.#library.symbols.libbpf_set_print(null);
    }
  }

  /** What libbpf has said since the last call. */
  #takeLog(): string {
    return this.#log.splice(0).join("");
  }

  /** Opens an object from memory. */
  openObject(bytes: Uint8Array<ArrayBuffer>): Deno.PointerObject {
    const object = this.#library.symbols.bpf_object__open_mem(bytes, BigInt(bytes.length), null);
    return this.#notNull(object, "Cannot open the kernel object");
  }

  /** Loads an opened object into the kernel. */
  loadObject(object: Deno.PointerObject): void {
    const result = this.#library.symbols.bpf_object__load(object);
    check(result, "Cannot load the kernel object", result < 0 ? this.#takeLog() : undefined);
  }

  closeObject(object: Deno.PointerObject): void {
    this.#library.symbols.bpf_object__close(object);
  }

  /** A map of an opened object by name; `.rodata.config` for a section. */
  findMap(object: Deno.PointerObject, name: string): Deno.PointerObject {
    const map = this.#library.symbols.bpf_object__find_map_by_name(object, cString(name));
    return this.#notNull(map, `Cannot find map ${name}`);
  }

  findProgram(object: Deno.PointerObject, name: string): Deno.PointerObject {
    const program = this.#library.symbols.bpf_object__find_program_by_name(object, cString(name));
    return this.#notNull(program, `Cannot find program ${name}`);
  }

  setMaxEntries(map: Deno.PointerObject, entries: number): void {
    check(this.#library.symbols.bpf_map__set_max_entries(map, entries), "Cannot set the size of a map");
  }

  /** Sets the content of a data section before the load. */
  setInitialValue(map: Deno.PointerObject, value: Uint8Array<ArrayBuffer>): void {
    const size = BigInt(value.length);
    check(this.#library.symbols.bpf_map__set_initial_value(map, value, size), "Cannot set the configuration");
  }

  setAutoload(program: Deno.PointerObject, load: boolean): void {
    check(this.#library.symbols.bpf_program__set_autoload(program, load), "Cannot choose a program");
  }

  /**
   * Lets an opened object name functions that this kernel does not have, in a process that may not list the kernel's modules,
   * which takes CAP_SYS_ADMIN. libbpf 1.1 looks for such a function in the modules, once for an object, and cannot load the
   * object when it may not list them (load_module_btfs in its src/libbpf.c). So it looks before, as for a target of `program`
   * that nobody has.
   */
  passOverModules(program: Deno.PointerObject): void {
    const { symbols } = this.#library;
    if (symbols.bpf_btf_get_next_id(0, new Uint32Array(1)) !== -EPERM) return;
    symbols.bpf_program__set_attach_target(program, 0, cString("ior_has_no_such_target"));
  }

  mapFd(map: Deno.PointerObject): number {
    return check(this.#library.symbols.bpf_map__fd(map), "Cannot get the descriptor of a map");
  }

  programFd(program: Deno.PointerObject): number {
    return check(this.#library.symbols.bpf_program__fd(program), "Cannot get the descriptor of a program");
  }

  /** The section that a program is in, which says what it is for: `tp_btf/sys_enter`. */
  sectionOf(program: Deno.PointerObject): string {
    return textAt(this.#library.symbols.bpf_program__section_name(program));
  }

  /** Attaches a program to a tracepoint; by its name, which is `null` when the program was loaded for one. */
  attachTracepoint(program: number, tracepoint: string | null, action: string): number {
    const name = tracepoint === null ? null : cString(tracepoint);
    return check(this.#library.symbols.bpf_raw_tracepoint_open(name, program), action);
  }

  /** Attaches a program to an event of perf, or an iterator, which has no target. */
  attachLink(program: number, target: number, type: number, action: string): number {
    return check(this.#library.symbols.bpf_link_create(program, target, type, null), action);
  }

  /** A descriptor from which an attached iterator is read: reading runs it. */
  createIterator(link: number, action: string): number {
    return check(this.#library.symbols.bpf_iter_create(link), action);
  }

  /** Makes a ring of so many bytes; answers with its descriptor. */
  createRing(name: string, bytes: number): number {
    const { symbols } = this.#library;
    return check(
      symbols.bpf_map_create(BPF_MAP_TYPE_RINGBUF, cString(name), 0, 0, bytes, null),
      `Cannot make a ring of ${bytes} bytes`,
    );
  }

  /** Makes a map; answers with its descriptor. */
  createMap(map: MapSpec): number {
    const options = new DataView(new ArrayBuffer(MapOptions.BYTES));
    options.setUint32(0, MapOptions.BYTES, true);
    options.setUint32(MapOptions.TYPES, map.typesFd, true);
    options.setUint32(MapOptions.KEY_TYPE, map.keyType, true);
    options.setUint32(MapOptions.VALUE_TYPE, map.valueType, true);
    options.setUint32(MapOptions.INNER_MAP, map.innerMapFd, true);
    options.setUint32(MapOptions.FLAGS, map.flags, true);
    const { type, name, keyBytes, valueBytes, maxEntries } = map;
    return check(
      this.#library.symbols.bpf_map_create(
        type,
        cString(name),
        keyBytes,
        valueBytes,
        maxEntries,
        new Uint8Array(options.buffer),
      ),
      `Cannot make map ${name}`,
    );
  }

  /** Forbids this process to write to a map. */
  freezeMap(fd: number): void {
    check(this.#library.symbols.bpf_map_freeze(fd), "Cannot freeze a map");
  }

  /** Loads a description of types, which maps and programs refer to; answers with its descriptor. */
  loadTypes(bytes: Uint8Array<ArrayBuffer>): number {
    return check(
      this.#library.symbols.bpf_btf_load(bytes, BigInt(bytes.length), null),
      "Cannot load the types",
    );
  }

  /** Loads a program in a thread of its own; answers with its descriptor. */
  async loadProgram(program: ProgramSpec): Promise<number> {
    const { name, license, instructions, functions } = program;
    const options = new DataView(new ArrayBuffer(ProgramOptions.BYTES));
    options.setUint32(0, ProgramOptions.BYTES, true);
    options.setUint32(ProgramOptions.EXPECTED_ATTACH_TYPE, program.expectedAttachType, true);
    options.setUint32(ProgramOptions.TYPES, program.typesFd, true);
    options.setUint32(ProgramOptions.FLAGS, program.flags, true);
    options.setUint32(ProgramOptions.ATTACHED_TYPE, program.attachedType, true);
    options.setBigUint64(ProgramOptions.FUNCTIONS, addressOf(functions), true);
    options.setUint32(ProgramOptions.FUNCTION_COUNT, functions.length / FUNCTION_BYTES, true);
    options.setUint32(ProgramOptions.FUNCTION_BYTES, FUNCTION_BYTES, true);
    const result = await this.#library.symbols.bpf_prog_load(
      program.type,
      cString(name),
      cString(license),
      instructions,
      BigInt(instructions.length / INSTRUCTION_BYTES),
      new Uint8Array(options.buffer),
    );
    // `program` holds until here what the options only have the address of.
    return check(result, `Cannot load program ${program.name}`);
  }

  /** What the kernel says of a descriptor of its own, up to so many bytes: `struct bpf_map_info`, `bpf_prog_info`, `bpf_btf_info`. */
  info(fd: number, info: Uint8Array<ArrayBuffer>): void {
    const length = new Uint32Array([info.length]);
    check(this.#library.symbols.bpf_obj_get_info_by_fd(fd, info, length), "Cannot ask the kernel");
  }

  /** Closes a descriptor that one of these functions has answered with. */
  close(fd: number): void {
    this.#libc.close(fd);
  }

  updateElement(fd: number, key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer>): void {
    check(this.#library.symbols.bpf_map_update_elem(fd, key, value, 0n), "Cannot write to a map");
  }

  /** Deletes an element, which may be gone already. */
  deleteElement(fd: number, key: Uint8Array<ArrayBuffer>): void {
    const result = this.#library.symbols.bpf_map_delete_elem(fd, key);
    if (result !== -ENOENT) check(result, "Cannot delete from a map");
  }

  lookupElement(fd: number, key: Uint8Array<ArrayBuffer>, value: Uint8Array<ArrayBuffer>): void {
    check(this.#library.symbols.bpf_map_lookup_elem(fd, key, value), "Cannot read a map");
  }

  /** True when a hash map, whose keys are `keyBytes` long, has no element. */
  isEmpty(fd: number, keyBytes: number): boolean {
    return this.#library.symbols.bpf_map_get_next_key(fd, null, new Uint8Array(keyBytes)) === -ENOENT;
  }

  /** Every key of a hash map, `keyBytes` long each. */
  keysOf(fd: number, keyBytes: number): Uint8Array<ArrayBuffer>[] {
    const keys: Uint8Array<ArrayBuffer>[] = [];
    for (let key: Uint8Array<ArrayBuffer> | null = null;;) {
      const next = new Uint8Array(keyBytes);
      const result = this.#library.symbols.bpf_map_get_next_key(fd, key, next);
      if (result === -ENOENT) return keys;
      check(result, "Cannot list the keys of a map");
      keys.push(next);
      key = next;
    }
  }

  /**
   * The entries of a hash map, some at a time: `count` keys and as many values behind each other. One that is put in
   * meanwhile may be missing.
   */
  *entriesOf(
    fd: number,
    keyBytes: number,
    valueBytes: number,
  ): Generator<{ count: number; keys: ArrayBuffer; values: ArrayBuffer }> {
    const place = new Uint8Array(PLACE_BYTES);
    for (let from: Uint8Array<ArrayBuffer> | null = null;; from = place) {
      const keys = new Uint8Array(ENTRIES * keyBytes);
      const values = new Uint8Array(ENTRIES * valueBytes);
      const count = new Uint32Array([ENTRIES]);
      const { bpf_map_lookup_batch } = this.#library.symbols;
      const result = bpf_map_lookup_batch(fd, from, place, keys, values, count, null);
      if (result !== -ENOENT) check(result, "Cannot read a map");
      if (count[0] > 0) yield { count: count[0], keys: keys.buffer, values: values.buffer };
      if (result === -ENOENT) return;
    }
  }

  programStats(fd: number): ProgramStats {
    const info = new BigUint64Array(PROG_INFO_BYTES / 8);
    this.info(fd, new Uint8Array(info.buffer));
    return {
      runTimeNs: Number(info[PROG_INFO_RUN_TIME_NS / 8]),
      runCount: Number(info[PROG_INFO_RUN_COUNT / 8]),
      recursionMisses: Number(info[PROG_INFO_RECURSION_MISSES / 8]),
    };
  }

  /** Turns the kernel's run-time statistics on while the returned descriptor is open. */
  enableStats(): number {
    const fd = this.#library.symbols.bpf_enable_stats(BPF_STATS_RUN_TIME);
    return check(fd, "Cannot enable the run-time statistics");
  }

  /** Number of CPUs for which a per-CPU map has values. */
  possibleCpus(): number {
    return check(this.#library.symbols.libbpf_num_possible_cpus(), "Cannot count the CPUs");
  }

  [Symbol.dispose](): void {
    this.#print.close();
    this.#library.close();
  }

  #notNull(pointer: Deno.PointerValue, action: string): Deno.PointerObject {
    if (pointer !== null) return pointer;
    const errno = -Number(this.#library.symbols.libbpf_get_error(null));
    throw new FfiError(action, errno, this.#takeLog());
  }
}

/**
 * Path of the libbpf that is part of ior, where ior is one file (setup/pack.ts); `null` in a checkout. What it is linked to
 * lies beside it and is opened first: the linker takes a library that is open by its name, and knows no folder of ours.
 */
function ownLibrary(): string[] | null {
  const path = (name: string) => decodeURIComponent(new URL(`../../lib/${name}`, import.meta.url).pathname);
  if (!isThere(path(LIBRARY_NAMES[0]))) return null;
  for (const below of LIBRARIES_BELOW.map(path)) if (isThere(below)) Deno.dlopen(below, {});
  return [path(LIBRARY_NAMES[0])];
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function addressOf(bytes: Uint8Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
}

/** A text of libbpf's; "" when there is none. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

function openFirst(
  names: readonly string[],
): [library: Deno.DynamicLibrary<typeof LIBBPF_SYMBOLS>, name: string] {
  let cause: unknown;
  for (const name of names) {
    try {
      return [Deno.dlopen(name, LIBBPF_SYMBOLS), name];
    } catch (error) {
      cause = error;
    }
  }
  const message = String(cause);
  if (message.includes("undefined symbol") || message.includes("Failed to register symbol")) {
    throw new IorError("unsupported", `libbpf is too old: ior needs 1.${OLDEST_MINOR} or newer`, {
      hint: "Install the libbpf1 package of a newer release",
      cause,
    });
  }
  throw new IorError("unsupported", `Cannot open libbpf: neither ${names.join(" nor ")} can be loaded`, {
    hint: "Install it: apt-get install libbpf1",
    cause,
  });
}
