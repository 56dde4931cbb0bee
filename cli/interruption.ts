import { setTimeout as delay } from "node:timers/promises";
import type { RunningTrace } from "../engine/mod.ts";

/** Time a command has to end by itself after a signal to ior, before the trace ends without it. */
const GRACE_MS = 1000;

/** The first SIGINT or SIGTERM ends the trace and reports, the second ends ior at once. */
export class Interruption {
  /** The session, once there is one. */
  session: RunningTrace | null = null;
  /** True once the first one has come. */
  isHere = false;

  /**
   * True when one has come by now. What came while the main thread was busy is delivered later, and as late as it takes: a
   * signal to ourselves comes behind it, and changes nothing else.
   */
  async hasCome(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = () => resolve();
    Deno.addSignalListener("SIGWINCH", listener);
    Deno.kill(Deno.pid, "SIGWINCH");
    await promise;
    Deno.removeSignalListener("SIGWINCH", listener);
    await delay(0);
    return this.isHere;
  }

  listen(): Disposable {
    const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
      const listener = () => {
        if (this.isHere) {
          Deno.removeSignalListener(signal, listener);
          Deno.kill(Deno.pid, signal);
          return;
        }
        this.isHere = true;
        this.#end(signal);
      };
      Deno.addSignalListener(signal, listener);
      return () => Deno.removeSignalListener(signal, listener);
    });
    return { [Symbol.dispose]: () => listeners.forEach((remove) => remove()) };
  }

  #end(signal: Deno.Signal): void {
    const session = this.session;
    if (!session) return; // its start gives up
    const stop = () => void session.stop().catch(() => {});
    if (session.commandPid === null) return stop();
    // Ctrl-C has reached the command too; SIGTERM is passed on. Its own end is part of the trace.
    if (signal === "SIGTERM") killQuietly(session.commandPid, signal);
    const timer = setTimeout(stop, GRACE_MS);
    session.ended.catch(() => {}).finally(() => clearTimeout(timer));
  }
}

function killQuietly(pid: number | null, signal: Deno.Signal): void {
  try {
    if (pid !== null) Deno.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
