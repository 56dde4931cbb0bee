import type { TopRun } from "./top_run.ts";

/** Signals that end a trace. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Time in which another signal counts as the same one: `timeout` sends its own to the process and to the group. */
const SAME_SIGNAL_MS = 30;

/**
 * Until disposed of: the first signal that ends a trace calls `onFirst`, and is passed on to the command unless the terminal
 * has done so; the second one calls `onSecond` and ends ior at once.
 */
export function onEndingSignals(
  { session, signals }: TopRun,
  { onFirst, onSecond }: { onFirst: () => void; onSecond: () => void },
): Disposable {
  let firstMs: number | null = null;
  return signals.listen(ENDING_SIGNALS, (signal) => {
    if (firstMs === null) {
      firstMs = performance.now();
      if (signal !== "SIGINT" && session.commandPid !== null) killQuietly(session.commandPid, signal);
      return onFirst();
    }
    if (performance.now() - firstMs < SAME_SIGNAL_MS) return;
    onSecond();
    signals.endAtOnceBy(signal);
    Deno.kill(Deno.pid, signal);
  });
}

/** Sends a signal to a process that may have ended. */
export function killQuietly(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
