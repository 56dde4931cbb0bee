import type { OwnSignals } from "../../engine/mod.ts";

/** Signals by which a terminal stops the processes of a job; a process may handle them instead of stopping. */
const STOPPING_SIGNALS = ["SIGTSTP", "SIGTTIN", "SIGTTOU"] as const;

/**
 * Until disposed of, Ctrl-Z stops ior only after its command has stopped: otherwise the shell would get the terminal back
 * while the command still uses it. The shell continues both.
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
    stopWhenStopped(); // the command may have stopped first
  }));
  // The kernel notifies a parent when a child stops.
  listeners.use(signals.listen(["SIGCHLD"], stopWhenStopped));
  return listeners;
}
