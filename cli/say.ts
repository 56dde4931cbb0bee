/**
 * The door to the terminal: nothing else of ior writes to standard error, and to standard output only the data of
 * `output.ts`.
 */
import { writeFailed } from "../runtime/system_error.ts";
import { escapeMessage } from "./text/escape.ts";

/** Says something in a line on standard error. Names of others in it cannot act on the terminal: all of it is escaped. */
export function say(message: string): void {
  console.error(`ior: ${escapeMessage(message)}`);
}

/** Shows a text on standard error that a renderer has made: colours in it are ours, and what is of others is escaped. */
export function showRendered(text: string): void {
  console.error(text.trimEnd());
}

/** Writes a line of ior's own on standard error that is not ended: the next one is written over it. */
export function showProgress(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // Whoever reads standard error has gone.
  }
}

/** Prints a text that is all ior's own on standard output. */
export function printOwn(text: string): void {
  try {
    console.log(text.trimEnd());
  } catch (error) {
    throw writeFailed("standard output", error);
  }
}
