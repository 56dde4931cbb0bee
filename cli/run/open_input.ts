import type { BatchFilter } from "../../engine/mod.ts";
import { openRecording, type Recording } from "../../engine/recording/mod.ts";
import {
  compileCalls,
  compileCondition,
  compileRunning,
  compileScope,
  type Filter,
} from "../../runtime/filter/mod.ts";
import { mappedSums, type ReportHeader } from "../../runtime/report.ts";
import type { RunningCall } from "../../runtime/row.ts";
import type { RunOptions } from "../options/mod.ts";
import { say } from "../say.ts";

/** The thread of what was added up for a process. */
const NO_TID = -1;

/** Opens the recording that names refer to; `-` is rows on standard input. */
export function openInput(names: readonly string[]): Promise<Recording> {
  return openRecording(names, Deno.stdin.readable);
}

/** The header of a recording, with the selection of the replay beside that of the trace; `filter` is `null` for all. */
export function headerOfReplay(
  { header }: Recording,
  filter: BatchFilter | null,
  { selection, selectionDescription }: Pick<RunOptions, "selection" | "selectionDescription">,
): ReportHeader {
  if (filter === null) return header;
  return {
    ...header,
    ...selectMapped(header, selection),
    ...selectRequests(header, selection),
    selection: { ...header.selection, replayed: selectionDescription },
  };
}

/** Calls of a recording that had not returned: those that the replay selects, as far as what is known of them tells. */
export function runningOfReplay(
  { running }: Pick<Recording, "running">,
  filter: BatchFilter | null,
  { selection }: Pick<RunOptions, "selection">,
): readonly RunningCall[] {
  if (filter === null) return running;
  const isOfScope = compileScope(selection);
  const isSelected = compileCalls(selection);
  const holds = compileRunning(selection.where);
  return running.filter((call) => isOfScope(call.pid, call.tid) && isSelected(call.syscall) && holds(call));
}

/** The requests to io_uring of the processes that are selected: nothing else is known of them. */
function selectRequests(
  { io_uring_requests: processes }: ReportHeader,
  selection: Filter,
): Pick<ReportHeader, "io_uring_requests"> {
  if (processes === undefined) return {};
  const isOfScope = compileScope(selection);
  return { io_uring_requests: processes.filter(({ pid }) => isOfScope(pid, NO_TID)) };
}

/** The mapped I/O of processes and files that are selected; a recording has no more of it to judge by. */
export function selectMapped(
  { mapped_io: mapped }: ReportHeader,
  selection: Filter,
): Pick<ReportHeader, "mapped_io"> {
  if (mapped === undefined) return {};
  const { where, pids, tids } = selection;
  const isOfScope = compileScope(selection);
  const holds = where === null ? () => true : compileCondition(where);
  const files = mapped.files.filter(({ pid, comm, path }) =>
    isOfScope(pid, NO_TID) && holds({ pid, comm, path })
  );
  const isAll = where === null && pids.length + tids.length === 0;
  const rest = isAll && mapped.without_file !== undefined ? [mapped.without_file] : [];
  return { mapped_io: mappedSums(files, rest) };
}

/** Prints the notes of a recording on standard error. Some are known only after all rows have been read. */
export function sayNotes({ notes }: Recording, quiet: boolean): void {
  if (quiet) return;
  for (const note of notes) say(note);
}
