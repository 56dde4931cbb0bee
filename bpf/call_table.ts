import type { CallSet } from "../runtime/filter/mod.ts";
import type { Arch } from "../runtime/syscalls/mod.ts";
import { callTable } from "./call_spec.ts";
import { compatTable } from "./compat_table.ts";
import { Offset, Size, SpecFlag } from "./wire.ts";

const FOLLOWED = SpecFlag.TRACKED | SpecFlag.SHOWN;

/**
 * The calls that have rows: memory that the kernel programs read at every call, so that a change takes effect at
 * once. A call that is turned off while a thread is inside it still has its row.
 */
export class CallTable {
  readonly #arch: Arch;
  readonly #table: Uint8Array;
  readonly #compat: Uint8Array;

  /**
   * @param table Memory of the `calls` map.
   * @param compat Memory of the `compat` map.
   */
  constructor(arch: Arch, table: Uint8Array, compat: Uint8Array) {
    this.#arch = arch;
    this.#table = table;
    this.#compat = compat;
  }

  /**
   * Selects calls. During `between` only calls of both the old and the new selection are on.
   */
  select(selection: CallSet, between = () => {}): void {
    const table = callTable(this.#arch, selection);
    const { exits } = Offset.call_spec;
    for (let at = 0; at < table.length; at += Size.call_spec) {
      const goesOff = (this.#table[at] & ~table[at] & SpecFlag.TRACKED) !== 0;
      this.#table[at] &= table[at] | ~FOLLOWED;
      // Its exits stay followed. Written after the flags, which the program reads after it: see was_turned_off in restarts.h.
      if (goesOff) this.#table[at + exits] = this.#table[at + exits] % 255 + 1;
    }
    between();
    for (let at = 0; at < table.length; at += Size.call_spec) {
      // The arguments of a call do not change, and its flags are written last.
      table[at + exits] = this.#table[at + exits] || table[at + exits];
      this.#table.set(table.subarray(at + 1, at + Size.call_spec), at + 1);
      this.#table[at] = table[at];
    }
    this.#compat.set(compatTable(this.#arch));
  }

  /** Whether calls with this number have rows. */
  isEnabled(nr: number): boolean {
    return (this.#table[nr * Size.call_spec] & SpecFlag.SHOWN) !== 0;
  }

  /** Turns every call off; a thread inside one gets no row for it. */
  clear(): void {
    this.#table.fill(0);
    this.#compat.fill(0);
  }
}
