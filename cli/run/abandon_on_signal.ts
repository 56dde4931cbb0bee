import { OwnSignals } from "../../engine/mod.ts";
import { endProcess } from "../end_process.ts";
import type { Output } from "./output.ts";

/** Signals that end ior at once while it reads files. */
const ENDING_SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/**
 * Until disposed of, a signal that ends ior first removes the incomplete file. Signals that were ignored when ior was
 * started stay ignored.
 */
export function abandonOnSignal(output: Pick<Output, "abandon">): Disposable {
  const listeners = new DisposableStack();
  const signals = listeners.use(OwnSignals.open());
  listeners.use(signals.listen(ENDING_SIGNALS, (signal) => {
    listeners.dispose();
    output.abandon();
    void endProcess(signal);
  }));
  return listeners;
}
