/** Longest that a timer of the runtime waits, milliseconds: one of more is over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Time between two tries at a pipe or terminal that is full, milliseconds: many times less than a reader notices. */
const FULL_MS = 5;

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

/**
 * What `write` resolves with, once the pipe or terminal behind it has room. Whoever has the same one may have set it not to block:
 * a write that would have waited fails then, and nothing of it is written.
 */
export async function whenReady(write: () => Promise<number>): Promise<number> {
  while (true) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    }
    await delay(FULL_MS);
  }
}
