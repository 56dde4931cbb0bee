import type { ProbeManager, ProbeState } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import { type Arch, syscallByName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import type { CallSwitches } from "./trace_parts.ts";

/** Turns calls on and off by a write to the kernel's table of calls: at once, and for the filters to come as well. */
export class Probes implements ProbeManager {
  readonly #kernel: CallSwitches;
  readonly #arch: Arch;
  /** Calls that were turned on or off by hand, by number. */
  readonly #byHand = new Map<number, boolean>();

  constructor(kernel: CallSwitches, arch: Arch) {
    this.#kernel = kernel;
    this.#arch = arch;
  }

  /** One for each call of the table, in its order. */
  states(): ProbeState[] {
    return SYSCALLS.map((call) => {
      const nr = syscallNumber(this.#arch, call);
      return {
        syscall: call.name,
        family: call.family,
        kind: call.kind,
        active: nr !== null && this.#kernel.isCallEnabled(nr),
        unavailable: nr === null ? `${this.#arch} has no such call` : null,
      };
    });
  }

  /**
   * Turns a call off when it is on, and on when it is off.
   *
   * @throws {IorError} `usage` for a call that ior does not know, or that this machine does not have.
   */
  toggle(syscall: string): void {
    const call = syscallByName(syscall);
    const nr = call ? syscallNumber(this.#arch, call) : null;
    if (nr === null) {
      const why = call ? `${this.#arch} has no such call` : "unknown system call";
      throw new IorError("usage", `Cannot turn ${syscall} on or off: ${why}`);
    }
    const enabled = !this.#kernel.isCallEnabled(nr);
    this.#kernel.setCallEnabled(nr, enabled);
    this.#byHand.set(nr, enabled);
  }

  /** How many are on, and how many are available. */
  activeCount(): { active: number; total: number } {
    const states = this.states();
    return {
      active: states.filter(({ active }) => active).length,
      total: states.filter(({ unavailable }) => unavailable === null).length,
    };
  }

  /** The calls of a new filter, but for those turned on and off by hand. */
  applyTo(syscalls: readonly number[]): number[] {
    const numbers = new Set(syscalls);
    for (const [nr, enabled] of this.#byHand) {
      if (enabled) numbers.add(nr);
      else numbers.delete(nr);
    }
    return [...numbers];
  }
}
