import { endProcess } from "./end_process.ts";
import type { Output } from "./output.ts";

/** Signals that end ior at once while it reads files. */
const ENDING_SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/** Until it is disposed of, a signal that ends ior first takes away the part of a file that is there by then. */
export function abandonOnSignal(output: Pick<Output, "abandon">): Disposable {
  const listeners = new DisposableStack();
  for (const signal of ENDING_SIGNALS) {
    const end = () => {
      listeners.dispose();
      output.abandon();
      void endProcess(signal);
    };
    Deno.addSignalListener(signal, end);
    listeners.defer(() => Deno.removeSignalListener(signal, end));
  }
  return listeners;
}
