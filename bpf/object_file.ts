/** What ior itself reads of its kernel object, an ELF file: which functions the programs call, and the types of these. */
import { INSTRUCTION_BYTES, LOAD_NUMBER } from "./ffi/libbpf.ts";

const SYMBOL_BYTES = 24;
const RELOCATION_BYTES = 16;
const SHT_SYMTAB = 2;
const SHT_REL = 9;
const STT_FUNC = 2;

/** `BPF_JMP | BPF_CALL`, and the kinds of a call and of a number that refer to a function of the object (`linux/bpf.h`). */
const CALL = 0x85;
const PSEUDO_CALL = 1;
const PSEUDO_FUNC = 4;

/** A function: its section, where it begins there, how long it is, both in instructions. */
export interface ObjectFunction {
  section: string;
  from: number;
  length: number;
  /** Number of its type. */
  type: number;
}

interface Section {
  name: string;
  type: number;
  offset: number;
  bytes: number;
  link: number;
  info: number;
}

interface Symbol {
  name: string;
  kind: number;
  section: number;
  value: number;
  bytes: number;
}

/**
 * A kernel object as clang writes it.
 *
 * @throws {RangeError} For anything else, here or when it is asked.
 */
export class ObjectFile {
  readonly #view: DataView;
  readonly #sections: Section[];
  readonly #symbols: Symbol[];
  /** Symbols that instructions refer to, by section and offset. */
  readonly #references = new Map<string, Symbol>();
  /** Types of functions, by section and offset. */
  readonly #types = new Map<string, number>();

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#sections = this.#readSections();
    const table = this.#sections.findIndex(({ type }) => type === SHT_SYMTAB);
    this.#symbols = this.#readSymbols(this.#sections[table]);
    for (const { type, offset, bytes, info } of this.#sections.filter((one) => one.link === table)) {
      if (type !== SHT_REL) continue;
      for (let at = offset; at < offset + bytes; at += RELOCATION_BYTES) {
        const symbol = this.#symbols[this.#view.getUint32(at + 12, true)];
        this.#references.set(`${this.#sections[info].name} ${this.#wide(at)}`, symbol);
      }
    }
    this.#readTypes();
  }

  /** The licence of its programs. */
  get license(): string {
    return this.#text(this.#section("license").offset);
  }

  /** A function by the name of its section and its own. */
  named(section: string, name: string): ObjectFunction {
    const symbol = this.#symbols.find((one) =>
      one.kind === STT_FUNC && one.name === name && this.#sections[one.section]?.name === section
    );
    if (symbol === undefined) throw new RangeError(`no function ${name} in ${section}`);
    return this.#function(symbol);
  }

  /** The function that an instruction of another one refers to, by its index in that one. */
  calledAt({ section, from }: ObjectFunction, index: number): ObjectFunction {
    const at = (from + index) * INSTRUCTION_BYTES;
    const { offset } = this.#section(section);
    const number = this.#view.getInt32(offset + at + 4, true);
    const symbol = this.#references.get(`${section} ${at}`);
    // A function of the same section is called by its distance.
    if (symbol === undefined) return this.#functionAt(section, from + index + number + 1);
    const isCall = this.#view.getUint8(offset + at) === CALL;
    const begin = symbol.value / INSTRUCTION_BYTES + (isCall ? number + 1 : number / INSTRUCTION_BYTES);
    return this.#functionAt(this.#sections[symbol.section].name, begin);
  }

  #functionAt(section: string, from: number): ObjectFunction {
    const symbol = this.#symbols.find((one) =>
      one.kind === STT_FUNC && one.value === from * INSTRUCTION_BYTES &&
      this.#sections[one.section]?.name === section
    );
    if (symbol === undefined) throw new RangeError(`no function at ${from} of ${section}`);
    return this.#function(symbol);
  }

  #function({ section, value, bytes, name }: Symbol): ObjectFunction {
    const of = this.#sections[section].name;
    const type = this.#types.get(`${of} ${value}`);
    if (type === undefined) throw new RangeError(`no type of ${name}`);
    return { section: of, from: value / INSTRUCTION_BYTES, length: bytes / INSTRUCTION_BYTES, type };
  }

  #section(name: string): Section {
    const found = this.#sections.find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`no section ${name}`);
    return found;
  }

  #readSections(): Section[] {
    const view = this.#view;
    const [start, each, count, names] = [
      this.#wide(40),
      view.getUint16(58, true),
      view.getUint16(60, true),
      view.getUint16(62, true),
    ];
    const sections = Array.from({ length: count }, (_, i): Section & { nameAt: number } => {
      const at = start + i * each;
      return {
        name: "",
        nameAt: view.getUint32(at, true),
        type: view.getUint32(at + 4, true),
        offset: this.#wide(at + 24),
        bytes: this.#wide(at + 32),
        link: view.getUint32(at + 40, true),
        info: view.getUint32(at + 44, true),
      };
    });
    return sections.map((one) => ({ ...one, name: this.#text(sections[names].offset + one.nameAt) }));
  }

  #readSymbols({ offset, bytes, link }: Section): Symbol[] {
    return Array.from({ length: bytes / SYMBOL_BYTES }, (_, i): Symbol => {
      const at = offset + i * SYMBOL_BYTES;
      return {
        name: this.#text(this.#sections[link].offset + this.#view.getUint32(at, true)),
        kind: this.#view.getUint8(at + 4) & 15,
        section: this.#view.getUint16(at + 6, true),
        value: this.#wide(at + 8),
        bytes: this.#wide(at + 16),
      };
    });
  }

  /** Of the section `.BTF.ext`, which refers to names in `.BTF`: see Documentation/bpf/btf.rst of the kernel. */
  #readTypes(): void {
    const view = this.#view;
    const btf = this.#section(".BTF").offset;
    const texts = btf + view.getUint32(btf + 4, true) + view.getUint32(btf + 16, true);
    const extension = this.#section(".BTF.ext").offset;
    const from = extension + view.getUint32(extension + 4, true) + view.getUint32(extension + 8, true);
    const end = from + view.getUint32(extension + 12, true);
    const each = view.getUint32(from, true);
    for (let at = from + 4; at < end;) {
      const name = this.#text(texts + view.getUint32(at, true));
      const count = view.getUint32(at + 4, true);
      at += 8;
      for (const next = at + count * each; at < next; at += each) {
        this.#types.set(`${name} ${view.getUint32(at, true)}`, view.getUint32(at + 4, true));
      }
    }
  }

  #text(at: number): string {
    let end = at;
    while (this.#view.getUint8(end) !== 0) end++;
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, end - at));
  }

  #wide(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
}

/**
 * Where the functions of a program begin, in instructions, and their types: the program as libbpf has given it to the kernel,
 * with the functions that it calls behind it.
 */
export function functionsOf(
  file: ObjectFile,
  { section, name, instructions }: { section: string; name: string; instructions: Uint8Array<ArrayBuffer> },
): [begin: number, type: number][] {
  const view = new DataView(instructions.buffer);
  const found = new Map([[0, file.named(section, name)]]);
  // A map has what is added to it on the way, too.
  for (const [begin, one] of found) {
    for (let i = 0; i < one.length; i++) {
      const at = (begin + i) * INSTRUCTION_BYTES;
      const kind = view.getUint8(at + 1) >> 4;
      const code = view.getUint8(at);
      if (!(code === CALL && kind === PSEUDO_CALL) && !(code === LOAD_NUMBER && kind === PSEUDO_FUNC)) {
        continue;
      }
      const target = begin + i + view.getInt32(at + 4, true) + 1;
      const called = file.calledAt(one, i);
      const known = found.get(target);
      if (known === undefined) found.set(target, called);
      else if (known.from !== called.from || known.section !== called.section) {
        throw new RangeError(`two functions at ${target} of ${name}`);
      }
    }
  }
  const sorted = [...found].sort(([a], [b]) => a - b);
  let end = 0;
  for (const [begin, { length }] of sorted) {
    if (begin !== end) throw new RangeError(`${name} has something else at ${end}`);
    end = begin + length;
  }
  if (end * INSTRUCTION_BYTES !== instructions.length) {
    throw new RangeError(`${name} has something behind ${end}`);
  }
  return sorted.map(([begin, { type }]) => [begin, type]);
}
