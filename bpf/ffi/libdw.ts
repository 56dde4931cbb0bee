import { IorError } from "../../runtime/errors.ts";
import { cString } from "./libc.ts";
import { DEMANGLE_SYMBOLS, FREE_SYMBOLS, LIBDW_SYMBOLS } from "./libdw_symbols.ts";

/** Names under which elfutils' libdw is found. */
const LIBRARY_NAMES = ["libdw.so.1", "libdw.so"];

/** The C++ library has the demangler. */
const DEMANGLER = "libstdc++.so.6";

/** Where libdw puts a file whose place is not fixed: its own addresses are added. Not 0, which stands for none. */
const BASE = 0x1_0000n;

/** Bytes of a `Dwarf_Die`, of a `Dwarf_Attribute`, and where a `Dwarf_Op` has its numbers (`elfutils/libdw.h`). */
const DIE_BYTES = 32n;
const ATTRIBUTE_BYTES = 32;
const OP_NUMBERS = [8, 16] as const;

/** `dwarf.h` */
const DW_TAG_SUBPROGRAM = 0x2e;
const DW_TAG_INLINED_SUBROUTINE = 0x1d;
const DW_AT_LINKAGE_NAME = 0x6e;
/** A register plus a number. */
const DW_OP_BREGX = 0x92;
/** The stack pointer of x86-64, by the psABI. */
const STACK_POINTER = 7n;

type Symbols = Deno.DynamicLibrary<typeof LIBDW_SYMBOLS>["symbols"];

/** The system's libdw, opened on demand: names of code by symbol tables and debugging information. */
export class Libdw implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof LIBDW_SYMBOLS>;
  readonly #libc: Deno.DynamicLibrary<typeof FREE_SYMBOLS>;
  readonly #demangler: Deno.DynamicLibrary<typeof DEMANGLE_SYMBOLS> | null;
  /** `Dwfl_Callbacks`: the library reads it as long as a file is open. */
  readonly #callbacks: BigUint64Array<ArrayBuffer>;
  /** "0.188", as reported by the library. */
  readonly version: string;

  /** @throws {IorError} When there is no libdw. */
  constructor(names: readonly string[] = LIBRARY_NAMES) {
    this.#library = openFirst(names);
    // libdw would ask these servers for what is not installed, while the trace waits.
    Deno.env.delete("DEBUGINFOD_URLS");
    this.#libc = Deno.dlopen("libc.so.6", FREE_SYMBOLS);
    this.#demangler = openDemangler();
    const { dwfl_build_id_find_elf, dwfl_standard_find_debuginfo, dwfl_offline_section_address } =
      this.#library.symbols;
    const address = (pointer: Deno.PointerValue) => BigInt(Deno.UnsafePointer.value(pointer));
    this.#callbacks = BigUint64Array.of(
      address(dwfl_build_id_find_elf),
      address(dwfl_standard_find_debuginfo),
      address(dwfl_offline_section_address),
      0n,
    );
    this.version = text(this.#library.symbols.dwfl_version(null)) ?? "unknown";
  }

  /**
   * Opens an ELF file by its descriptor, which is libdw's from then on; `null` when libdw cannot read it, which leaves the
   * descriptor with the caller. Separate debugging information is looked for by build id, and beside `path`.
   */
  open(fd: number, path: string): DwarfFile | null {
    const { symbols } = this.#library;
    const dwfl = symbols.dwfl_begin(new Uint8Array(this.#callbacks.buffer));
    if (dwfl === null) return null;
    symbols.dwfl_report_begin(dwfl);
    const module = symbols.dwfl_report_elf(dwfl, cString(path), cString(path), fd, BASE, true);
    if (module === null) {
      symbols.dwfl_end(dwfl);
      return null;
    }
    symbols.dwfl_report_end(dwfl, null, null);
    const bias = new BigUint64Array(1);
    symbols.dwfl_module_getelf(module, bias);
    return new DwarfFile(symbols, this, dwfl, module, bias[0]);
  }

  /** The name as its language spells it, as far as the C++ library knows; the name itself otherwise. */
  demangle(name: string): string {
    if (this.#demangler === null || !name.startsWith("_Z")) return name;
    const status = new Int32Array(1);
    const result = this.#demangler.symbols.__cxa_demangle(cString(name), null, null, status);
    if (result === null) return name;
    const demangled = text(result);
    this.free(BigInt(Deno.UnsafePointer.value(result)));
    return demangled ?? name;
  }

  /** Gives back memory that libdw has allocated for its caller. */
  free(address: bigint): void {
    this.#libc.symbols.free(address);
  }

  [Symbol.dispose](): void {
    this.#demangler?.close();
    this.#libc.close();
    this.#library.close();
  }
}

/** An ELF file that libdw has open. Addresses are those of the file itself, as `nm` prints them. */
export class DwarfFile implements Disposable {
  readonly #symbols: Symbols;
  readonly #libdw: Libdw;
  readonly #dwfl: Deno.PointerObject;
  readonly #module: Deno.PointerObject;
  readonly #bias: bigint;

  constructor(
    symbols: Symbols,
    libdw: Libdw,
    dwfl: Deno.PointerObject,
    module: Deno.PointerObject,
    bias: bigint,
  ) {
    this.#symbols = symbols;
    this.#libdw = libdw;
    this.#dwfl = dwfl;
    this.#module = module;
    this.#bias = bias;
  }

  /**
   * The functions that an address is in: that of the symbol table, then those inlined there, each in the one before. Empty
   * when nothing is known.
   */
  functionsAt(address: number): string[] {
    const at = BigInt(address) + this.#bias;
    const name = text(this.#symbols.dwfl_module_addrname(this.#module, at));
    const inlined = this.#inlinedAt(at);
    if (name !== null) return [this.#libdw.demangle(name), ...inlined.names];
    return inlined.outermost === null ? [] : [inlined.outermost, ...inlined.names];
  }

  /**
   * Bytes above the stack pointer at which the return address of the function at an address is, by its unwind information;
   * `null` when that is not known, or the function has a frame of its own. Of x86-64 only.
   */
  returnOffset(address: number): number | null {
    const bias = new BigUint64Array(1);
    const cfi = this.#symbols.dwfl_module_eh_cfi(this.#module, bias);
    if (cfi === null) return null;
    const frame = new BigUint64Array(1);
    const at = BigInt(address) + this.#bias - bias[0];
    if (this.#symbols.dwarf_cfi_addrframe(cfi, at, frame) !== 0) return null;
    try {
      const ops = new BigUint64Array(1);
      const count = new BigUint64Array(1);
      if (this.#symbols.dwarf_frame_cfa(frame[0], ops, count) !== 0 || count[0] !== 1n) return null;
      const op = new Deno.UnsafePointerView(Deno.UnsafePointer.create(ops[0])!);
      if (op.getUint8(0) !== DW_OP_BREGX || op.getBigUint64(OP_NUMBERS[0]) !== STACK_POINTER) return null;
      // The canonical frame address is right above the return address.
      return Number(op.getBigInt64(OP_NUMBERS[1])) - 8;
    } finally {
      this.#libdw.free(frame[0]);
    }
  }

  [Symbol.dispose](): void {
    this.#symbols.dwfl_end(this.#dwfl);
  }

  /** Functions inlined at an address, the outer ones first, and the function that they are in. */
  #inlinedAt(at: bigint): { outermost: string | null; names: string[] } {
    const none = { outermost: null, names: [] };
    const bias = new BigUint64Array(1);
    const unit = this.#unitAt(at, bias);
    if (unit === null) return none;
    const innermost = new BigUint64Array(1);
    const found = this.#symbols.dwarf_getscopes(unit, at - bias[0], innermost);
    if (found <= 0) return none;
    // The scopes of an address go on with those of the inlined function's source; those of its die are where it is inlined.
    const scopes = new BigUint64Array(1);
    const count = this.#symbols.dwarf_getscopes_die(innermost[0], scopes);
    const names: string[] = [];
    let outermost: string | null = null;
    for (let i = 0n; i < count; i++) {
      const die = scopes[0] + i * DIE_BYTES;
      const tag = this.#symbols.dwarf_tag(die);
      if (tag === DW_TAG_SUBPROGRAM) {
        outermost = this.#nameOf(die);
        break;
      }
      if (tag === DW_TAG_INLINED_SUBROUTINE) names.unshift(this.#nameOf(die) ?? "[inlined]");
    }
    if (count > 0) this.#libdw.free(scopes[0]);
    this.#libdw.free(innermost[0]);
    return { outermost, names };
  }

  /** The compilation unit of an address. clang writes no table of these (`.debug_aranges`): then all are asked. */
  #unitAt(at: bigint, bias: BigUint64Array<ArrayBuffer>): Deno.PointerValue {
    const found = this.#symbols.dwfl_module_addrdie(this.#module, at, bias);
    if (found !== null) return found;
    for (let unit: Deno.PointerValue = null;;) {
      unit = this.#symbols.dwfl_module_nextcu(this.#module, unit, bias);
      if (unit === null || this.#symbols.dwarf_haspc(unit, at - bias[0]) > 0) return unit;
    }
  }

  /** The name of a function: by the linker's name, which has its namespace, or as the source has it. */
  #nameOf(die: bigint): string | null {
    const attribute = new Uint8Array(ATTRIBUTE_BYTES);
    if (this.#symbols.dwarf_attr_integrate(die, DW_AT_LINKAGE_NAME, attribute) !== null) {
      const linkage = text(this.#symbols.dwarf_formstring(attribute));
      if (linkage !== null) return this.#libdw.demangle(linkage);
    }
    return text(this.#symbols.dwarf_diename(die));
  }
}

/** A text of C; bytes that are not UTF-8 become U+FFFD. */
function text(pointer: Deno.PointerValue): string | null {
  return pointer === null ? null : Deno.UnsafePointerView.getCString(pointer);
}

function openDemangler(): Deno.DynamicLibrary<typeof DEMANGLE_SYMBOLS> | null {
  try {
    return Deno.dlopen(DEMANGLER, DEMANGLE_SYMBOLS);
  } catch {
    return null;
  }
}

function openFirst(names: readonly string[]): Deno.DynamicLibrary<typeof LIBDW_SYMBOLS> {
  let cause: unknown;
  for (const name of names) {
    try {
      return Deno.dlopen(name, LIBDW_SYMBOLS);
    } catch (error) {
      cause = error;
    }
  }
  throw new IorError("unsupported", `Cannot open libdw: neither ${names.join(" nor ")} can be loaded`, {
    hint: "Install it: apt-get install libdw1",
    cause,
  });
}
