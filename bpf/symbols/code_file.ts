import { type Files, WORKING_DIRECTORY } from "../ffi/files.ts";
import type { DwarfFile, Libdw } from "../ffi/libdw.ts";
import { addressOf, ELF_BYTES, type ElfFile, readElf } from "./elf_file.ts";

/** Maximum number of places of a file whose names are kept. */
const MOST_NAMES = 50_000;

/** A file with code: its names stay when the process that has it mapped ends. */
export class CodeFile implements Disposable {
  readonly elf: ElfFile;
  readonly #files: Files;
  readonly #libdw: Libdw | null;
  readonly #path: string;
  readonly #identity: string;
  /** Names under which it is opened, the surest first. */
  readonly #places: readonly string[];
  /** `null` when it cannot be opened, undefined before the first try. */
  #dwarf: DwarfFile | null | undefined;
  readonly #names = new Map<number, string[]>();

  private constructor(
    elf: ElfFile,
    identity: string,
    path: string,
    places: readonly string[],
    files: Files,
    libdw: Libdw | null,
  ) {
    this.elf = elf;
    this.#identity = identity;
    this.#path = path;
    this.#places = places;
    this.#files = files;
    this.#libdw = libdw;
  }

  /** Reads the headers of a file under the first of its names that leads to one; `null` when it is no ELF file. */
  static read(files: Files, libdw: Libdw | null, path: string, places: readonly string[]): CodeFile | null {
    for (const place of places) {
      const fd = openFile(files, place);
      if (fd === null) continue;
      try {
        const bytes = new Uint8Array(ELF_BYTES);
        const elf = readElf(bytes.subarray(0, files.readNow(fd, bytes, 0)));
        const { identity } = files.status(fd);
        return elf && new CodeFile(elf, identity, path, [...new Set([...places, path])], files, libdw);
      } catch {
        continue;
      } finally {
        files.close(fd);
      }
    }
    return null;
  }

  /**
   * The functions that the code before a place is in, outermost first: a call returns behind its instruction. `null` for a
   * place that is not in code.
   */
  functionsBefore(offset: number): string[] | null {
    if (addressOf(this.elf, offset - 1) === null) return null;
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const names = this.#find(offset);
    if (this.#names.size >= MOST_NAMES) this.#names.clear();
    this.#names.set(offset, names);
    return names;
  }

  /** See {@linkcode DwarfFile.returnOffset}, of the code before a place. */
  returnOffset(offset: number): number | null {
    const address = addressOf(this.elf, offset - 1);
    return address === null ? null : this.#open()?.returnOffset(address) ?? null;
  }

  /** Closes the file; it is opened again when it is asked. */
  [Symbol.dispose](): void {
    this.#dwarf?.[Symbol.dispose]();
    this.#dwarf = undefined;
  }

  #find(offset: number): string[] {
    const address = addressOf(this.elf, offset - 1)!;
    const functions = this.#open()?.functionsAt(address) ?? [];
    if (functions.length > 0) return functions;
    const name = this.#path.slice(this.#path.lastIndexOf("/") + 1);
    // The address is what addr2line and nm take.
    return [`${name}+0x${(address + 1).toString(16)}`];
  }

  #open(): DwarfFile | null {
    if (this.#dwarf !== undefined || this.#libdw === null) return this.#dwarf ?? null;
    this.#dwarf = null;
    for (const place of this.#places) {
      const fd = openFile(this.#files, place);
      if (fd === null) continue;
      if (this.#files.status(fd).identity === this.#identity) this.#dwarf = this.#libdw.open(fd, this.#path);
      if (this.#dwarf !== null) break;
      this.#files.close(fd);
    }
    return this.#dwarf;
  }
}

/** Opens a regular file for reading; `null` for what is none. Examined first, as opening a device may change it. */
function openFile(files: Files, name: string): number | null {
  let place: number | null = null;
  try {
    place = files.openPlace(WORKING_DIRECTORY, name, true);
    return files.status(place).kind === "file" ? files.openPlaceToRead(place) : null;
  } catch {
    return null;
  } finally {
    if (place !== null) files.close(place);
  }
}
