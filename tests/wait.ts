/** How often a condition is looked at. Short enough not to be felt, long enough not to load the machine. */
const POLL_MS = 5;

/** What {@linkcode waitFor} waits for, and how long. */
export interface WaitOptions {
  /** Deadline, milliseconds. Generous: it is only reached when the test fails. */
  timeoutMs: number;
  /** What is waited for, as the end of "Waited 1000 ms for". */
  what: string;
}

/**
 * Waits until `condition` gives a truthy value, and returns that value. The only wait in the tests: nothing sleeps
 * for a guessed time. An error from `condition` ends the wait.
 *
 * @throws {Error} at the deadline, with what was waited for and the last value seen.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs, what }: WaitOptions,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  while (true) {
    const value = await condition();
    if (value) return value;
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}; the last value was ${Deno.inspect(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
