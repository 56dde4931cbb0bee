import type { FamilyProbes, ProbeManager, ProbeState } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import { compilePattern, nearest } from "../../runtime/expression/mod.ts";
import type { CallSet } from "../../runtime/filter/mod.ts";
import {
  type Arch,
  FAMILIES,
  type Family,
  type Syscall,
  syscallByName,
  syscallNumber,
  SYSCALLS,
} from "../../runtime/syscalls/mod.ts";
import type { CallSwitches } from "./trace_parts.ts";

/**
 * Turns calls on and off by a write to the kernel's table of calls: at once, and under later filters as well. A call that
 * a thread is in when it is turned off still has its row; one that a thread is in when it is turned on has none.
 */
export class Probes implements ProbeManager {
  readonly #kernel: CallSwitches;
  readonly #arch: Arch;
  /** What the filter in force selects. */
  #selected: CallSet;
  /** Calls that were turned on or off by hand, by name. */
  readonly #byHand = new Map<string, boolean>();
  /** Numbers that the table does not know have no probe of their own: they go off with all others. */
  #unknownOff = false;
  #isChanged = false;

  /**
   * @param selected What the filter of the trace selects.
   * @param carried What is on instead, as an earlier trace left it; `null` for the filter's.
   */
  constructor(kernel: CallSwitches, arch: Arch, selected: CallSet, carried: CallSet | null) {
    this.#kernel = kernel;
    this.#arch = arch;
    this.#selected = selected;
    if (carried === null) return;
    this.#isChanged = true;
    this.#unknownOff = !carried.unknownSyscalls;
    const [before, now] = [new Set(selected.syscalls), new Set(carried.syscalls)];
    for (const name of now.symmetricDifference(before)) this.#byHand.set(name, now.has(name));
  }

  /** One for each call of the table, in its order. */
  states(): ProbeState[] {
    return SYSCALLS.map((call) => {
      const number = syscallNumber(this.#arch, call);
      return {
        syscall: call.name,
        family: call.family,
        kinds: call.kinds,
        number,
        active: this.#isActive(call),
        unavailable: number === null ? `${this.#arch} has no such call` : null,
      };
    });
  }

  /** One for each family, in the order of `FAMILIES`. */
  familyStates(): FamilyProbes[] {
    return FAMILIES.map((family) => ({ family, ...this.#count(this.#callsOf(family)) }));
  }

  /** How many are on, and how many are available. */
  activeCount(): { active: number; total: number } {
    return this.#count(this.#available());
  }

  /**
   * Turns a call off when it is on, and on when it is off.
   *
   * @throws {IorError} `usage` for a call that ior does not know, or that this machine does not have.
   */
  toggle(syscall: string): void {
    const call = syscallByName(syscall);
    if (!call || syscallNumber(this.#arch, call) === null) {
      const why = call ? `${this.#arch} has no such call` : "unknown system call";
      throw new IorError("usage", `Cannot turn ${syscall} on or off: ${why}`);
    }
    this.#toggle([call]);
  }

  /**
   * Turns the calls of a family on, or off when all of them are on.
   *
   * @throws {IorError} `usage` for an unknown family.
   */
  toggleFamily(family: string): void {
    const known = FAMILIES.find((name) => name === family);
    if (known === undefined) {
      const near = nearest(family, FAMILIES);
      throw new IorError("usage", `Cannot turn ${family} on or off: unknown family`, {
        hint: near ? `Did you mean \`${near}\`?` : `The families are ${FAMILIES.join(", ")}`,
      });
    }
    this.#toggle(this.#callsOf(known));
  }

  /**
   * Turns the calls whose name matches the pattern on, or off when all of them are on.
   *
   * @returns How many calls match.
   */
  toggleMatching(pattern: string): number {
    const matches = compilePattern(pattern, "text");
    const calls = this.#available().filter(({ name }) => matches(name));
    this.#toggle(calls);
    return calls.length;
  }

  /** Turns every call on or off. */
  setAll(active: boolean): void {
    this.#unknownOff = !active;
    this.#set(this.#available(), active);
  }

  /** What is meant to be on, to be carried into the next trace; `null` when nothing was changed by hand. */
  intended(): CallSet | null {
    return this.#isChanged ? this.adjust(this.#selected) : null;
  }

  /** The calls of a filter, adjusted by those turned on and off by hand. */
  adjust({ syscalls, unknownSyscalls }: CallSet): CallSet {
    const names = new Set(syscalls);
    for (const [name, active] of this.#byHand) {
      if (active) names.add(name);
      else names.delete(name);
    }
    return { syscalls: [...names], unknownSyscalls: unknownSyscalls && !this.#unknownOff };
  }

  /** Remembers what the filter that is in force now selects. */
  filterChanged(selected: CallSet): void {
    this.#selected = selected;
  }

  #available(): Syscall[] {
    return SYSCALLS.filter((call) => syscallNumber(this.#arch, call) !== null);
  }

  #callsOf(family: Family): Syscall[] {
    return this.#available().filter((call) => call.family === family);
  }

  #isActive(call: Syscall): boolean {
    const number = syscallNumber(this.#arch, call);
    return number !== null && this.#kernel.isCallEnabled(number);
  }

  #count(calls: readonly Syscall[]): { active: number; total: number } {
    return { active: calls.filter((call) => this.#isActive(call)).length, total: calls.length };
  }

  #toggle(calls: readonly Syscall[]): void {
    this.#set(calls, !calls.every((call) => this.#isActive(call)));
  }

  #set(calls: readonly Syscall[], active: boolean): void {
    for (const { name } of calls) this.#byHand.set(name, active);
    this.#isChanged = true;
    this.#kernel.selectCalls(this.adjust(this.#selected));
  }
}
