import { OwnSignals, type RunningTrace } from "../../engine/mod.ts";
import { delay } from "../../runtime/delay.ts";
import { ENDING_SIGNALS, onEndingSignals, passOn, SAME_SIGNAL_MS } from "./ending_signals.ts";
import { stopWithCommand } from "./stop_with_command.ts";

/** Time for a command to end by itself after a signal to ior; then the trace ends without it. */
const GRACE_MS = 1000;

/** Longest wait for a signal to ourselves, which is delivered within a turn or two unless it is blocked. */
const OWN_SIGNAL_MS = 50;

/**
 * The first SIGINT, SIGTERM or SIGHUP ends the trace and reports, the second ends ior at once, and leaves nothing of files
 * that are not complete. What was ignored when ior was started stays ignored.
 */
export class Interruption {
  /** True once the first one has come. */
  isHere = false;
  readonly #signals = OwnSignals.open();
  readonly #listeners = new DisposableStack();
  readonly #unfinished: (() => void)[] = [];
  readonly #onHangup: (() => void) | null;
  readonly #ending: readonly Deno.Signal[];
  #session: RunningTrace | null = null;
  #firstMs = 0;

  /** With `onHangup` SIGHUP calls it, and ends nothing. */
  constructor(onHangup: (() => void) | null = null) {
    this.#onHangup = onHangup;
    this.#ending = ENDING_SIGNALS.filter((signal) => onHangup === null || signal !== "SIGHUP");
  }

  /** The session, once there is one. */
  set session(session: RunningTrace) {
    this.#session = session;
    const { commandPid } = session;
    if (commandPid !== null) this.#listeners.use(stopWithCommand(commandPid, this.#signals));
  }

  /** Calls `abandon` before ior ends in the middle of its work, to take away what is not complete. */
  onAbandon(abandon: () => void): void {
    this.#unfinished.push(abandon);
  }

  /**
   * True when a signal has arrived by now. Signals that arrived while the main thread was busy are delivered later: a signal
   * to ourselves is delivered after them, and has no other effect.
   */
  async hasCome(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    using _own = this.#signals.listen(["SIGWINCH"], () => resolve());
    Deno.kill(Deno.pid, "SIGWINCH");
    await Promise.race([promise, delay(OWN_SIGNAL_MS)]);
    await delay(0);
    return this.isHere;
  }

  /**
   * Leaves the second signal to the kernel: it ends ior at once, also while a long report keeps the main thread busy. To be
   * called when tracing has ended, before such work.
   */
  async leaveSecondToKernel(): Promise<void> {
    const signals = this.#ending.filter((signal) => !this.#signals.isIgnored(signal));
    await delay(0); // the first one may be on its way to its listener
    if (!this.isHere) {
      for (const signal of signals) this.#signals.endBySecond(signal);
      return;
    }
    await delay(Math.max(0, this.#firstMs + SAME_SIGNAL_MS - performance.now()));
    for (const signal of signals) this.#signals.endAtOnceBy(signal);
  }

  /** Listens until disposed of. */
  listen(): Disposable {
    this.#listeners.use(onEndingSignals(this.#signals, {
      onFirst: (signal) => {
        this.isHere = true;
        this.#firstMs = performance.now();
        this.#end(signal);
      },
      onSecond: () => {
        for (const abandon of this.#unfinished) abandon();
      },
      ending: this.#ending,
    }));
    if (this.#onHangup !== null) this.#listeners.use(this.#signals.listen(["SIGHUP"], this.#onHangup));
    return this.#listeners;
  }

  #end(signal: Deno.Signal): void {
    const session = this.#session;
    if (!session) return; // the start checks and gives up
    const stop = () => void session.stop().catch(() => {});
    if (session.commandPid === null) return stop();
    passOn(signal, session.commandPid); // its own end is part of the trace
    const timer = setTimeout(stop, GRACE_MS);
    session.ended.catch(() => {}).finally(() => clearTimeout(timer));
  }
}
