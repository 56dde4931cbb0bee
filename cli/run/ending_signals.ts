import type { OwnSignals } from "../../engine/mod.ts";

/** Signals that end ior. */
export const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Time in which another signal counts as the same one: `timeout` sends its own to the process and to the group, and
 * `sudo` may forward Ctrl-C as well.
 */
export const SAME_SIGNAL_MS = 30;

/** The signal that asks for a report in between: it would end ior where there is none, and what is written would be lost. */
const REPORT_SIGNAL = "SIGUSR2";

/**
 * Until disposed of: the first signal that ends ior calls `onFirst`, the second one calls `onSecond` and ends ior at once.
 * Those that `ignores` says are for another program do nothing, and the one that asks for a report neither. `ending` are
 * the signals that end ior.
 */
export function onEndingSignals(
  signals: OwnSignals,
  { onFirst, onSecond, ignores = () => false, ending = ENDING_SIGNALS }: {
    onFirst: (signal: Deno.Signal) => void;
    onSecond: () => void;
    ignores?: (signal: Deno.Signal) => boolean;
    ending?: readonly Deno.Signal[];
  },
): Disposable {
  let firstMs: number | null = null;
  return signals.listen([...ending, REPORT_SIGNAL], (signal) => {
    if (signal === REPORT_SIGNAL || ignores(signal)) return;
    if (firstMs === null) {
      firstMs = performance.now();
      return onFirst(signal);
    }
    if (performance.now() - firstMs < SAME_SIGNAL_MS) return;
    onSecond();
    signals.endAtOnceBy(signal);
    Deno.kill(Deno.pid, signal);
  });
}

/** Passes a signal on to the command, if there is one; Ctrl-C has reached it already. */
export function passOn(signal: Deno.Signal, commandPid: number | null): void {
  if (signal !== "SIGINT" && commandPid !== null) killQuietly(commandPid, signal);
}

/** Sends a signal to a process that may have ended. */
export function killQuietly(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
