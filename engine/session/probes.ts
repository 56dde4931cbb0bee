import type { ProbeManager, ProbeState } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import { type Arch, syscallByName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import type { CallSwitches } from "./trace_parts.ts";

/** Turns calls on and off by a write to the kernel's table of calls: at once, and under later filters as well. */
export class Probes implements ProbeManager {
  readonly #kernel: CallSwitches;
  readonly #arch: Arch;
  /** Calls that were turned on or off by hand, by name. */
  readonly #byHand = new Map<string, boolean>();

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
        kinds: call.kinds,
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
    if (!call || nr === null) {
      const why = call ? `${this.#arch} has no such call` : "unknown system call";
      throw new IorError("usage", `Cannot turn ${syscall} on or off: ${why}`);
    }
    const enabled = !this.#kernel.isCallEnabled(nr);
    this.#kernel.setCallEnabled(nr, enabled);
    this.#byHand.set(call.name, enabled);
  }

  /** How many are on, and how many are available. */
  activeCount(): { active: number; total: number } {
    const states = this.states();
    return {
      active: states.filter(({ active }) => active).length,
      total: states.filter(({ unavailable }) => unavailable === null).length,
    };
  }

  /** The calls of a new filter, adjusted by those turned on and off by hand. */
  applyTo(syscalls: readonly string[]): string[] {
    const names = new Set(syscalls);
    for (const [name, enabled] of this.#byHand) {
      if (enabled) names.add(name);
      else names.delete(name);
    }
    return [...names];
  }
}
