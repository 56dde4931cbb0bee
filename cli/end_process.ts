import { SIGNAL_NUMBERS } from "../runtime/signals.ts";

/** Longest wait for a signal to end this process. */
const SIGNAL_MS = 1000;

/**
 * Ends ior as its command ended: with its status, or by its signal. For a signal that does not end it, or that the runtime
 * does not know, the status is that of shells: 128 plus the number of the signal.
 */
export async function endProcess(status: number | Deno.Signal): Promise<never> {
  if (typeof status === "number") Deno.exit(status);
  const number = SIGNAL_NUMBERS[status] ?? 0;
  try {
    // Loaded here because most runs end with a status, and some do not load the engine.
    const { OwnSignals } = await import("../engine/mod.ts");
    const signals = OwnSignals.open();
    if (status !== "SIGKILL" && number > 0) signals.endAtOnceBy(status);
    Deno.kill(Deno.pid, status);
    await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
  } catch {
    // The runtime cannot send this signal.
  }
  Deno.exit(128 + number);
}
