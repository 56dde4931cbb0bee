import type { BatchFilter } from "../../engine/mod.ts";
import { openRecording, type Recording } from "../../engine/recording/mod.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { RunOptions } from "../options/mod.ts";
import { say } from "../say.ts";

/** The recording that names stand for, `-` for rows on standard input. */
export function openInput(names: readonly string[]): Promise<Recording> {
  return openRecording(names, Deno.stdin.readable);
}

/** The run of a recording, and beside what it was traced for what is taken from it now; `filter` is `null` for all. */
export function headerOfReplay(
  { header }: Recording,
  filter: BatchFilter | null,
  { selectionDescription }: Pick<RunOptions, "selectionDescription">,
): ReportHeader {
  if (filter === null) return header;
  return { ...header, selection: { ...header.selection, replayed: selectionDescription } };
}

/** Says on standard error what a reader should know of a recording. Some of it shows only when all has been read. */
export function sayNotes({ notes }: Recording, quiet: boolean): void {
  if (quiet) return;
  for (const note of notes) say(note);
}
