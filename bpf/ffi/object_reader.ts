import { check } from "./errors.ts";
import { type Libbpf, textAt } from "./libbpf.ts";
import { READING_SYMBOLS } from "./libbpf_symbols.ts";

/** A map of a loaded object, as libbpf has it. */
export interface ReadMap {
  name: string;
  /** Negative when it was not made. */
  fd: number;
  /** What it holds at first; `null` for nothing. */
  value: Uint8Array<ArrayBuffer> | null;
}

/** A program of a loaded object, as libbpf has given it to the kernel. */
export interface ReadProgram {
  name: string;
  section: string;
  /** Negative when it was not loaded. */
  fd: number;
  expectedAttachType: number;
  flags: number;
  /** With the functions that it calls. A copy. */
  instructions: Uint8Array<ArrayBuffer>;
}

/** Reads what libbpf has made of an object. */
export class ObjectReader implements Disposable {
  readonly #libbpf: Libbpf;
  readonly #library: Deno.DynamicLibrary<typeof READING_SYMBOLS>;

  constructor(libbpf: Libbpf) {
    this.#libbpf = libbpf;
    this.#library = Deno.dlopen(libbpf.name, READING_SYMBOLS);
  }

  *maps(object: Deno.PointerObject): Generator<ReadMap> {
    const { symbols } = this.#library;
    for (
      let map = symbols.bpf_object__next_map(object, null);
      map !== null;
      map = symbols.bpf_object__next_map(object, map)
    ) {
      const size = new BigUint64Array(1);
      const value = symbols.bpf_map__initial_value(map, new Uint8Array(size.buffer));
      yield {
        name: textAt(symbols.bpf_map__name(map)),
        fd: symbols.bpf_map__fd(map),
        value: value === null ? null : copyOf(value, size[0]),
      };
    }
  }

  *programs(object: Deno.PointerObject): Generator<ReadProgram> {
    const { symbols } = this.#library;
    for (
      let program = symbols.bpf_object__next_program(object, null);
      program !== null;
      program = symbols.bpf_object__next_program(object, program)
    ) {
      const instructions = symbols.bpf_program__insns(program);
      const count = symbols.bpf_program__insn_cnt(program);
      if (instructions === null) continue;
      yield {
        name: textAt(symbols.bpf_program__name(program)),
        section: this.#libbpf.sectionOf(program),
        fd: symbols.bpf_program__fd(program),
        expectedAttachType: symbols.bpf_program__expected_attach_type(program),
        flags: symbols.bpf_program__flags(program),
        instructions: copyOf(instructions, count * 8n),
      };
    }
  }

  /** The description of types with this number, as the kernel has it. */
  types(id: number): Uint8Array<ArrayBuffer> {
    const fd = check(this.#library.symbols.bpf_btf_get_fd_by_id(id), "Cannot open the types");
    try {
      const info = new DataView(new ArrayBuffer(32)); // struct bpf_btf_info: where to, size, number
      this.#libbpf.info(fd, new Uint8Array(info.buffer));
      const bytes = new Uint8Array(info.getUint32(8, true));
      info.setBigUint64(0, Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)), true);
      this.#libbpf.info(fd, new Uint8Array(info.buffer));
      return bytes;
    } finally {
      this.#libbpf.close(fd);
    }
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}

function copyOf(pointer: Deno.PointerObject, bytes: bigint): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(Number(bytes));
  Deno.UnsafePointerView.copyInto(pointer, copy);
  return copy;
}
