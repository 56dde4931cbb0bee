import { MEMORY_FILE_CALLS, PROCESS_CALLS } from "../../../engine/sessions/session_calls.ts";
import { IorError } from "../../../runtime/errors.ts";
import { usesField } from "../../../runtime/expression/mod.ts";
import type { Filter } from "../../../runtime/filter/mod.ts";
import { SYSCALLS } from "../../../runtime/syscalls/mod.ts";
import { statusOf } from "../../exit_status.ts";
import { FILES_OPTIONS, shownSessions } from "../../options/files_options.ts";
import { LOOK_OPTIONS, OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { refuseLive, refuseRates } from "../../options/refusals.ts";
import { FROM_OPTION, LIVE_OPTIONS } from "../../options/run_options.ts";
import { runOptions, selectLive, selectReplay } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { command, PROGRAM_TEXT, RECORDING_NAMES } from "../command.ts";
import { runExplain } from "../run_explain.ts";
import type { FilesCommand, FilesFormat } from "./task.ts";

/** The row of `ior files`. */
export const FILES = command({
  name: "files",
  summary: "print one line per open file, from open to last close",
  about: [
    "Prints one line for each open file description: who opened it, what was read and written until its last descriptor was " +
    "closed, and how. Duplicated and inherited descriptors count for it. Pipes, sockets, terminals and other descriptors without a file are left out.",
    "A selection chooses files: those are shown for which it selects a call, with all of their calls.",
    PROGRAM_TEXT,
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...LIVE_OPTIONS,
    FROM_OPTION,
    ...FILES_OPTIONS,
    OUTPUT_OPTION,
    ...LOOK_OPTIONS,
  ],
  operands: { kind: "program", reads: RECORDING_NAMES },
  examples: [
    ["ior files -- make", "the files of a build"],
    ["ior files -d 10s -P /var", "those below a directory"],
    ["ior files --cache --stacks -- make", "what was cached, who opened it"],
    ["ior files --parquet -o files.parquet -- make", "for query engines"],
    ["ior files --slower 5ms run.parquet", "those with a slow call"],
  ],
  build(values, { given, program, files }): FilesCommand {
    const from = [...values.from, ...files];
    const look = lookOptions(values, values.output);
    const isLive = from.length === 0;
    const select = (isLive ? selectLive : selectReplay)(values);
    if (!isLive) refuseLive(given, program, files[0] ?? "--from");
    refuseRates(given, "ior files", "a call without a row is of no file");
    const { selection } = select;
    const showsGroups = values.showsGroups ||
      (selection.where !== null && usesField(selection.where, "cgroup"));
    const run = runOptions(
      look,
      { ...select, selection: traced(selection) },
      { ...values, showsGroups, arguments: true },
      program,
      "command",
    );
    return {
      kind: "files",
      ...run,
      // Of a trace the kernel knows the processes, and their children.
      shown: isLive ? { ...selection, pids: [], tids: [] } : selection,
      from,
      format: formatOf(values),
      top: shownSessions(values),
      sort: values.sort,
    };
  },
  async run(task: FilesCommand) {
    if (task.explains) return await runExplain(task, task.format === "json");
    const { runFiles } = await import("./run.ts");
    return statusOf(await runFiles(task), task.strict);
  },
});

/** What is written. Throws a usage error for two formats, and for Parquet without a file. */
function formatOf(
  { json, parquet, output }: { json: boolean; parquet: boolean; output: string | null },
): FilesFormat {
  if (!parquet) return json ? "json" : "text";
  if (json) {
    throw new IorError("usage", "Cannot use --json with --parquet: only one can be written", {
      hint: "Leave one of the two out",
    });
  }
  if (output === null) {
    throw new IorError("usage", "Cannot use --parquet without --output: it needs a file", {
      hint: "For instance -o files.parquet",
    });
  }
  return "parquet";
}

/** What sessions are made of: all calls on files, those that make files in memory, and those of processes that have descriptors. */
function traced(selection: Filter): Filter {
  const files = SYSCALLS.filter(({ family }) => family === "FS").map(({ name }) => name);
  const syscalls = [...new Set([...selection.syscalls, ...files, ...MEMORY_FILE_CALLS, ...PROCESS_CALLS])];
  return { ...selection, syscalls, where: null };
}
