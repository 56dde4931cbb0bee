import { constants } from "node:os";

/** Longest time that a signal takes to end this process. */
const SIGNAL_MS = 1000;

/**
 * Ends ior as its command ended: with its status, or by its signal. A signal that does not end it or that the runtime does
 * not know ends it with the status that shells give: 128 and the signal's number.
 */
export async function endProcess(status: number | Deno.Signal): Promise<never> {
  if (typeof status === "number") Deno.exit(status);
  const number = constants.signals[status as keyof typeof constants.signals] ?? 0;
  try {
    // Not above: most runs end with a status, and some load nothing of the engine.
    const { OwnSignals } = await import("../engine/mod.ts");
    using signals = OwnSignals.open();
    if (status !== "SIGKILL" && number > 0) signals.endAtOnceBy(status);
    Deno.kill(Deno.pid, status);
    await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
  } catch {
    // It is none that this runtime can send.
  }
  Deno.exit(128 + number);
}
