import { type Loss, LOSS_KINDS, type LossKind, lossOf, UNKNOWN_LOSS } from "../runtime/loss.ts";
import type { UringRequests } from "../runtime/row.ts";
import { FfiError } from "./ffi/errors.ts";
import type { Libbpf } from "./ffi/libbpf.ts";
import type { Libc } from "./ffi/libc.ts";
import type { LoadedObject } from "./object.ts";
import { Offset, Size } from "./wire.ts";

/** Cost of a program, from the kernel's own statistics. */
export interface ProgramCost {
  /** Time of all runs while statistics were on. */
  runTimeNs: number;
  /** How often the program ran meanwhile. */
  runCount: number;
}

/** What the kernel side counts: lost calls, requests to io_uring, the programs' own cost. */
export class Counters implements Disposable {
  readonly #libc: Libc;
  readonly #libbpf: Libbpf;
  readonly #object: LoadedObject;
  readonly #looksTwice: boolean;
  #statsFd: number | null = null;

  /** `looksTwice`: the programs about calls have twins, see `ior_enter_again`. */
  constructor(libc: Libc, libbpf: Libbpf, object: LoadedObject, looksTwice: boolean) {
    this.#looksTwice = looksTwice;
    this.#libc = libc;
    this.#libbpf = libbpf;
    this.#object = object;
  }

  /** Calls lost so far; unknown when the kernel does not report it. */
  loss(): Loss {
    try {
      const cpus = this.#libbpf.possibleCpus();
      const values = new BigUint64Array(cpus * Size.losses / 8);
      const bytes = new Uint8Array(values.buffer);
      this.#libbpf.lookupElement(this.#object.mapFd("losses"), new Uint8Array(4), bytes);
      const sumOf = (kind: keyof typeof Offset.losses) => {
        let sum = 0;
        for (let cpu = 0; cpu < cpus; cpu++) {
          sum += Number(values[(cpu * Size.losses + Offset.losses[kind]) / 8]);
        }
        return sum;
      };
      const by = Object.fromEntries(LOSS_KINDS.map((kind) => [kind, sumOf(kind)])) as Record<
        LossKind,
        number
      >;
      by.skipped += this.#skippedEnters(sumOf("unseen"));
      return lossOf(by);
    } catch (error) {
      if (error instanceof FfiError) return UNKNOWN_LOSS;
      throw error;
    }
  }

  /**
   * Enters that the kernel skipped: calls without a row; a skipped exit is counted at the next enter. Where a twin has a second
   * look, a call is lost when both are skipped. Its exit tells (`unseen`), but is not the only one without an enter: that of a
   * call which seccomp refuses is another.
   */
  #skippedEnters(unseen: number): number {
    const missesOf = (program: string) => this.#object.programStats(program).recursionMisses;
    const misses = missesOf("ior_enter");
    return this.#looksTwice ? Math.min(misses, missesOf("ior_enter_again"), unseen) : misses;
  }

  /** Requests given to io_uring so far that have no rows, by process. */
  uringRequests(): UringRequests[] {
    const processes: UringRequests[] = [];
    for (
      const { count, keys, values } of this.#libbpf.entriesOf(this.#object.mapFd("uring_requests"), 4, 8)
    ) {
      const [pids, requests] = [new Uint32Array(keys), new BigUint64Array(values)];
      for (let i = 0; i < count; i++) processes.push({ pid: pids[i], requests: Number(requests[i]) });
    }
    return processes;
  }

  /**
   * Turns the kernel's statistics on or off: they cost two clock reads per run of a program.
   *
   * @returns False when the kernel does not allow it: that takes CAP_SYS_ADMIN.
   */
  sampleCost(on: boolean): boolean {
    if (on && this.#statsFd === null) {
      try {
        this.#statsFd = this.#libbpf.enableStats();
      } catch (error) {
        if (error instanceof FfiError) return false;
        throw error;
      }
    }
    if (!on && this.#statsFd !== null) {
      this.#libc.closeAside(this.#statsFd);
      this.#statsFd = null;
    }
    return true;
  }

  /** Cost of the enter and the exit program while statistics were on. */
  cost(): { enter: ProgramCost; exit: ProgramCost } {
    return { enter: this.#object.programStats("ior_enter"), exit: this.#object.programStats("ior_exit") };
  }

  [Symbol.dispose](): void {
    this.sampleCost(false);
  }
}
