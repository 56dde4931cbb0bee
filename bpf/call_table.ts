import { type Arch, syscallByNumber } from "../runtime/syscalls/mod.ts";
import { type CallSelection, callTable, compatCalls } from "./call_spec.ts";
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
  #syscalls = new Set<string>();
  #unknownSyscalls = false;

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
  select(selection: CallSelection, between = () => {}): void {
    this.#syscalls = new Set(selection.syscalls);
    this.#unknownSyscalls = selection.unknownSyscalls;
    const table = callTable(this.#arch, selection);
    for (let at = 0; at < table.length; at += Size.call_spec) {
      this.#table[at] &= table[at] | ~FOLLOWED;
    }
    between();
    for (let at = 0; at < table.length; at += Size.call_spec) {
      // The arguments of a call do not change; its exits stay followed, and its flags are written last.
      const exits = this.#table[at + Offset.call_spec.exits] | table[at + Offset.call_spec.exits];
      this.#table.set(table.subarray(at + 1, at + Size.call_spec), at + 1);
      this.#table[at + Offset.call_spec.exits] = exits;
      this.#table[at] = table[at];
    }
    this.#compat.set(compatCalls(this.#arch, selection));
  }

  /**
   * Turns a call on or off.
   *
   * @throws {RangeError} When there is no call with this number.
   */
  setEnabled(nr: number, enabled: boolean): void {
    const call = syscallByNumber(this.#arch, nr);
    if (!call) throw new RangeError(`Cannot change call ${nr}: it is unknown`);
    if (this.isEnabled(nr) === enabled) return;
    if (enabled) this.#syscalls.add(call.name);
    else this.#syscalls.delete(call.name);
    this.select({ syscalls: [...this.#syscalls], unknownSyscalls: this.#unknownSyscalls });
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
