import { OwnProcess } from "../bpf/mod.ts";
import { SIGNAL_NUMBERS } from "../runtime/signals.ts";
import { ownStart } from "./launch/own_start.ts";

/** Signals that the runtime handles as soon as it listens to any signal, even when they were ignored. */
const TAKEN_BY_RUNTIME = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** The signals as ior inherited them, and operations that the runtime lacks. */
export class OwnSignals {
  readonly #process: OwnProcess;
  readonly #ignored: bigint;

  private constructor(process: OwnProcess, ignored: bigint) {
    this.#process = process;
    this.#ignored = ignored;
  }

  /** To be called before any signal listener is added. */
  static open(): OwnSignals {
    const { ignored } = ownStart();
    return new OwnSignals(OwnProcess.open(), ignored);
  }

  /** True when the signal was ignored when ior was started, as `nohup` and a shell's background do. */
  isIgnored(signal: Deno.Signal): boolean {
    return (this.#ignored >> BigInt(numberOf(signal) - 1) & 1n) === 1n;
  }

  /**
   * Listens to those of the signals that were not ignored. Ignored ones are set to be ignored again: the runtime
   * installs handlers of its own.
   */
  listen<Signal extends Deno.Signal>(
    signals: readonly Signal[],
    heard: (signal: Signal) => void,
  ): Disposable {
    const listeners = new DisposableStack();
    for (const signal of signals.filter((signal) => !this.isIgnored(signal))) {
      const listener = () => heard(signal);
      Deno.addSignalListener(signal, listener);
      listeners.defer(() => Deno.removeSignalListener(signal, listener));
    }
    for (const signal of [...signals, ...TAKEN_BY_RUNTIME]) {
      if (this.isIgnored(signal)) this.#process.ignoreSignal(numberOf(signal));
    }
    return listeners;
  }

  /** From now on the signal ends ior at once, whatever the main thread does and whatever listeners there are. */
  endAtOnceBy(signal: Deno.Signal): void {
    this.#process.endBySignal(numberOf(signal));
  }

  /** From now on listeners hear the signal once more; the one after that ends ior at once, as by `endAtOnceBy`. */
  endBySecond(signal: Deno.Signal): void {
    this.#process.handleOnce(numberOf(signal));
  }

  /** True when a signal that the launcher has blocked has arrived since the last call. */
  hasCome(signal: Deno.Signal): boolean {
    return this.#process.takeSignal(numberOf(signal));
  }

  /** True when a started process was stopped, by Ctrl-Z for instance. */
  isStopped(pid: number): boolean {
    return this.#process.isStopped(pid);
  }

  /** True when a shell can continue ior after it has stopped. */
  isJob(): boolean {
    return this.#process.isJob();
  }
}

function numberOf(signal: Deno.Signal): number {
  return SIGNAL_NUMBERS[signal];
}
