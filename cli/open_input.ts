import { openRecording, type Recording } from "../engine/mod.ts";

/** The recording that names stand for, `-` for rows on standard input. */
export function openInput(names: readonly string[]): Promise<Recording> {
  return openRecording(names, Deno.stdin.readable);
}

/** Says on standard error what a reader should know of a recording. Some of it shows only when all has been read. */
export function sayNotes({ notes }: Recording, quiet: boolean): void {
  if (quiet) return;
  for (const note of notes) console.error(`ior: ${note}`);
}
