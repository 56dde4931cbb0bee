import type { Files } from "../ffi/files.ts";
import type { Libc } from "../ffi/libc.ts";
import type { Libdw } from "../ffi/libdw.ts";
import { CodeFile } from "./code_file.ts";
import { addressOf } from "./elf_file.ts";
import { type Mapping, mappingOf } from "./memory_map.ts";
import { ProcessCode } from "./process_code.ts";
import type { RawFrame, RawStack } from "./raw_stack.ts";

/** Maximum number of processes whose code is kept in mind; about 20 kB each. */
const MOST_PROCESSES = 4096;

/** Maximum number of files with code that are kept open: all are opened again when there are more. */
const MOST_FILES = 2048;

/** Time until a build id without a file is looked for again, milliseconds. */
const RETRY_MS = 1000;

/** Longest name of a frame, characters: names of C++ templates may have thousands. */
const NAME_LENGTH = 300;

/** A frame of which nothing is known. */
const UNKNOWN = "[unknown]";

/** Files that may have code, among those that rows name. */
const LIBRARY = /\.so(?:\.[\w.-]+)?$/;

/** A file with code and a place in it. */
interface Place {
  file: CodeFile;
  offset: number;
}

/** Names stacks, see {@linkcode StackNames.name}. */
export interface StackNamer {
  name(stack: RawStack, exe: string | null): string;
}

/** Names stacks. A process and a file are looked at when they are first seen: both may be gone later. */
export class StackNames implements StackNamer, Disposable {
  readonly #libc: Libc;
  readonly #files: Files;
  readonly #libdw: Libdw | null;
  readonly #seenPaths: () => Iterable<string>;
  readonly #processes = new Map<string, ProcessCode>();
  /** Files by their inodes and paths; `null` for what is no ELF file. */
  readonly #byInode = new Map<string, CodeFile | null>();
  /** Files of programs by their paths, likewise. */
  readonly #byExe = new Map<string, CodeFile | null>();
  readonly #byBuildId = new Map<string, CodeFile>();
  /** When a build id was last looked for in vain. */
  readonly #missedAtMs = new Map<string, number>();

  /**
   * @param libdw `null` where it is not installed: names are then those of files, with addresses.
   * @param seenPaths Paths of files that the trace has met: libraries of processes that have ended may be among them.
   */
  constructor(libc: Libc, files: Files, libdw: Libdw | null, seenPaths: () => Iterable<string> = () => []) {
    this.#libc = libc;
    this.#files = files;
    this.#libdw = libdw;
    this.#seenPaths = seenPaths;
    // ior has the C library mapped, which most programs have as well.
    this.#takeFiles(new ProcessCode(Deno.pid, null, libc, files));
  }

  /**
   * The frames of a stack, outermost first, joined by semicolons.
   *
   * @param exe Path of the program's file, `null` where it is not known.
   */
  name(stack: RawStack, exe: string | null): string {
    const process = this.#process(stack, exe);
    const names: string[] = [];
    let isBroken = stack.isBroken;
    for (const frame of this.#withCallers(stack, process)) {
      const functions = this.#frame(frame, process);
      // What the frame pointer of code without frames leads to is no code, nor is what follows.
      isBroken ||= functions === null;
      if (functions === null) break;
      names.push(...functions.toReversed());
    }
    if (isBroken) names.push(UNKNOWN);
    else if (stack.isCut) names.push("[truncated]");
    return names.reverse().map(shortName).join(";");
  }

  [Symbol.dispose](): void {
    this.#closeFiles();
  }

  #process({ pid, program }: RawStack, exe: string | null): ProcessCode {
    const known = this.#processes.get(program);
    if (known !== undefined) return known;
    if (this.#processes.size >= MOST_PROCESSES) {
      this.#processes.delete(this.#processes.keys().next().value!);
    }
    const process = new ProcessCode(pid, exe, this.#libc, this.#files);
    this.#processes.set(program, process);
    return process;
  }

  /** The functions of a frame, outermost first; `null` when there is no code. */
  #frame(frame: RawFrame, process: ProcessCode): string[] | null {
    const place = this.#place(frame, process);
    if (place !== null) return place.file.functionsBefore(place.offset);
    if (frame.buildId !== null) {
      return frame.offset <= Number.MAX_SAFE_INTEGER
        ? [`${frame.buildId}+0x${frame.offset.toString(16)}`]
        : null;
    }
    const mapping = process.mappingAt(frame.address);
    if (mapping?.path.startsWith("[")) return [mapping.path];
    const compiled = process.compiledAt(frame.address - 1);
    return compiled !== null ? [compiled] : mapping !== null ? [UNKNOWN] : null;
  }

  #place({ address, buildId, offset }: RawFrame, process: ProcessCode): Place | null {
    if (buildId !== null) {
      const file = this.#fileOf(buildId, process);
      return file && { file, offset };
    }
    const mapping = process.mappingAt(address);
    if (!mapping?.path.startsWith("/")) return null;
    const file = this.#fileOfMapping(mapping, process);
    return file && { file, offset: address - mapping.start + mapping.offset };
  }

  /**
   * The frames with those that are missing: functions of the C library that make a call have no frame of their own, nor may
   * their callers, so the return addresses are not where frames are linked. Unwind information tells where they are.
   */
  #withCallers(stack: RawStack, process: ProcessCode): RawFrame[] {
    const [first, ...others] = stack.frames;
    if (first === undefined) return [];
    const found = [first];
    // Bytes from the stack pointer to that of the function in question.
    let from = 0;
    for (;;) {
      const place = this.#place(found.at(-1)!, process);
      const offset = place?.file.returnOffset(place.offset) ?? null;
      if (offset === null || offset < 0) break;
      const address = stack.top[(from + offset) / 8] ?? 0;
      if (address === 0 || others.length > 0 && low(address) === low(others[0].address)) break;
      const caller = this.#frameAt(address, stack, process);
      if (caller === null) break;
      found.push(caller);
      from += offset + 8; // the return address is taken from the stack
    }
    return [...found, ...others];
  }

  /**
   * An address as a frame: in the program, in a file of the other frames, or of the process's mappings; `null` for what is
   * no code.
   */
  #frameAt(address: number, { frames, codeStart }: RawStack, process: ProcessCode): RawFrame | null {
    const { elf } = (process.exe === null ? null : this.#exeFile(process.exe)) ?? {};
    const first = elf?.segments[0];
    if (elf?.buildId && first !== undefined) {
      const offset = address - codeStart + first.offset;
      if (addressOf(elf, offset) !== null) return { address: low(address), buildId: elf.buildId, offset };
    }
    for (const frame of frames) {
      const file = frame.buildId === null ? null : this.#fileOf(frame.buildId, process);
      if (file === null) continue;
      const offset = low(address - frame.address + frame.offset);
      if (addressOf(file.elf, offset) !== null) {
        return { address: low(address), buildId: frame.buildId, offset };
      }
    }
    return mappingOf(process.mappings, address) === null ? null : { address, buildId: null, offset: 0 };
  }

  #fileOf(buildId: string, process: ProcessCode): CodeFile | null {
    const known = this.#byBuildId.get(buildId);
    if (known !== undefined) return known;
    const nowMs = performance.now();
    if (nowMs - (this.#missedAtMs.get(buildId) ?? -Infinity) < RETRY_MS) return null;
    if (this.#missedAtMs.size >= MOST_FILES) this.#missedAtMs.clear();
    this.#missedAtMs.set(buildId, nowMs);
    process.look();
    this.#takeFiles(process);
    if (process.exe !== null) this.#byExe.set(process.exe, this.#take(process.exe, [process.exe]));
    if (!this.#byBuildId.has(buildId)) {
      for (const path of this.#seenPaths()) if (LIBRARY.test(path)) this.#take(path, [path]);
    }
    return this.#byBuildId.get(buildId) ?? null;
  }

  /** Takes the files of a process. They are read again if they are known: a file may have been replaced by another. */
  #takeFiles(process: ProcessCode): void {
    const paths = new Map(process.mappings.map((mapping) => [mapping.path, mapping]));
    for (const [path, mapping] of paths) {
      if (path.startsWith("/")) this.#take(path, process.placesOf(mapping));
    }
  }

  /** The program's file, which is the same as long as its name leads to it. */
  #exeFile(path: string): CodeFile | null {
    const known = this.#byExe.get(path);
    if (known !== undefined) return known;
    if (this.#byExe.size >= MOST_FILES) this.#closeFiles();
    const file = this.#take(path, [path]);
    this.#byExe.set(path, file);
    return file;
  }

  /** Reads a file; the one that is known by its build id stands for it. */
  #take(path: string, places: readonly string[]): CodeFile | null {
    const file = CodeFile.read(this.#files, this.#libdw, path, places);
    const buildId = file?.elf.buildId ?? null;
    if (buildId === null) return file;
    const known = this.#byBuildId.get(buildId);
    if (known !== undefined) return known;
    if (this.#byBuildId.size >= MOST_FILES) this.#closeFiles();
    this.#byBuildId.set(buildId, file!);
    return file;
  }

  /** The file of a mapping of which the kernel has told no build id. */
  #fileOfMapping(mapping: Mapping, process: ProcessCode): CodeFile | null {
    const key = `${mapping.inode} ${mapping.path}`;
    const known = this.#byInode.get(key);
    if (known !== undefined) return known;
    if (this.#byInode.size >= MOST_FILES) this.#closeFiles();
    const file = this.#take(mapping.path, process.placesOf(mapping));
    this.#byInode.set(key, file);
    return file;
  }

  #closeFiles(): void {
    const files = new Set([...this.#byInode.values(), ...this.#byExe.values(), ...this.#byBuildId.values()]);
    for (const file of files) file?.[Symbol.dispose]();
    this.#byInode.clear();
    this.#byExe.clear();
    this.#byBuildId.clear();
    this.#missedAtMs.clear();
  }
}

/** A name as a frame: a semicolon would make two of it. */
function shortName(name: string): string {
  const one = name.replaceAll(";", ":");
  return one.length <= NAME_LENGTH ? one : `${one.slice(0, NAME_LENGTH - 1)}…`;
}

/** The low 32 bits. */
function low(address: number): number {
  return Number(BigInt.asUintN(32, BigInt(address)));
}
