/** Longest that a timer of the runtime waits, milliseconds: one of more is over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `act` after `ms`, however long that is. Returns what cancels it, which is safe to call more than once. */
export function callAfter(ms: number, act: () => void): () => void {
  let leftMs = ms;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    const partMs = Math.min(leftMs, LONGEST_MS);
    leftMs -= partMs;
    timer = setTimeout(leftMs > 0 ? wait : act, partMs);
  };
  wait();
  return () => clearTimeout(timer);
}

/**
 * Resolves after `ms`, or as soon as the signal aborts. The one of `node:timers/promises` loads a tenth of a second's work
 * into the start of a trace.
 */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = callAfter(ms, done);
    function done() {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
  });
}
