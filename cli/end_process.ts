import { constants } from "node:os";

/** Longest time that a signal takes to end this process. */
const SIGNAL_MS = 1000;

/**
 * Ends ior as its command ended: with its status, or by its signal. A signal that the runtime ignores (SIGPIPE) or
 * does not know ends it with the status that shells give: 128 and the signal's number.
 */
export async function endProcess(status: number | Deno.Signal): Promise<never> {
  if (typeof status === "number") Deno.exit(status);
  try {
    Deno.kill(Deno.pid, status);
    // A signal that the runtime once listened to takes its way through it.
    await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
  } catch {
    // It is none that this runtime can send.
  }
  Deno.exit(128 + (constants.signals[status as keyof typeof constants.signals] ?? 0));
}
