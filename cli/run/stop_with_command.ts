import type { OwnSignals } from "../../engine/mod.ts";

/** Signals by which a terminal stops the processes of its jobs; a process may handle them, and not stop. */
const STOPPING_SIGNALS = ["SIGTSTP", "SIGTTIN", "SIGTTOU"] as const;

/**
 * Until it is disposed of, Ctrl-Z stops ior when its command has stopped and not before: ior alone would give the
 * terminal back to the shell while the command goes on with it. The shell continues both.
 */
export function stopWithCommand(pid: number, signals: OwnSignals): Disposable {
  let isAsked = false;
  const stopWhenStopped = () => {
    if (!isAsked || !signals.isStopped(pid)) return;
    isAsked = false;
    Deno.kill(Deno.pid, "SIGSTOP");
  };
  const listeners = new DisposableStack();
  listeners.use(signals.listen(STOPPING_SIGNALS, () => {
    isAsked = true;
    stopWhenStopped(); // the command may have been first
  }));
  // The kernel tells a parent that a child has stopped.
  listeners.use(signals.listen(["SIGCHLD"], stopWhenStopped));
  return listeners;
}
