import { OwnSignals } from "../../engine/mod.ts";

/** Interval of checking for SIGUSR1: each check wakes ior, also while nothing else does. */
const LOOK_MS = 500;

/**
 * Calls `asked` for each SIGUSR2 and SIGUSR1 until disposed of, except those that were ignored when ior was started. The
 * launcher blocks SIGUSR1, because the runtime would open its inspector: it is polled.
 */
export function onReportSignals(asked: () => void): Disposable {
  const resources = new DisposableStack();
  const signals = OwnSignals.open();
  resources.use(signals.listen(["SIGUSR2"], asked));
  const timer = setInterval(() => {
    if (signals.hasCome("SIGUSR1") && !signals.isIgnored("SIGUSR1")) asked();
  }, LOOK_MS);
  resources.defer(() => clearInterval(timer));
  return resources;
}
