import type { BatchFilter } from "../../engine/mod.ts";
import { openRecording, type Recording } from "../../engine/recording/mod.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { RunOptions } from "../options/mod.ts";
import { say } from "../say.ts";

/** Opens the recording that names refer to; `-` is rows on standard input. */
export function openInput(names: readonly string[]): Promise<Recording> {
  return openRecording(names, Deno.stdin.readable);
}

/** The header of a recording, with the selection of the replay beside that of the trace; `filter` is `null` for all. */
export function headerOfReplay(
  { header }: Recording,
  filter: BatchFilter | null,
  { selectionDescription }: Pick<RunOptions, "selectionDescription">,
): ReportHeader {
  if (filter === null) return header;
  return { ...header, selection: { ...header.selection, replayed: selectionDescription } };
}

/** Prints the notes of a recording on standard error. Some are known only after all rows have been read. */
export function sayNotes({ notes }: Recording, quiet: boolean): void {
  if (quiet) return;
  for (const note of notes) say(note);
}
