import { OwnSignals } from "../../engine/mod.ts";
import { endProcess } from "../end_process.ts";
import { ENDING_SIGNALS } from "./ending_signals.ts";
import type { Output } from "./output.ts";

/**
 * Until disposed of, a signal that ends ior first removes the incomplete file. Where there is none to remove, nobody
 * listens: the kernel ends ior at once, whatever its main thread does. Signals that were ignored when ior was started stay
 * ignored.
 */
export function abandonOnSignal(output: Pick<Output, "abandon" | "leavesPart">): Disposable {
  const listeners = new DisposableStack();
  if (!output.leavesPart) return listeners;
  const signals = OwnSignals.open();
  listeners.use(signals.listen(ENDING_SIGNALS, (signal) => {
    listeners.dispose();
    output.abandon();
    void endProcess(signal);
  }));
  return listeners;
}
