import { IorError } from "../../../runtime/errors.ts";
import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS, OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { refuseLive } from "../../options/refusals.ts";
import { ROWS_OPTIONS } from "../../options/row_options.ts";
import { LIVE_OPTIONS } from "../../options/run_options.ts";
import { runOptions, selectLive, selectReplay } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { hasColumns, ROW_FORMAT_NAMES } from "../../rows/mod.ts";
import { command, PROGRAM_TEXT, RECORDING_NAMES } from "../command.ts";
import { refuseFormat } from "../refuse_format.ts";
import { runExplain } from "../run_explain.ts";
import type { StreamCommand } from "./task.ts";

/** The row of `ior stream`. */
export const STREAM = command({
  name: "stream",
  summary: "print one row per finished call, as it happens",
  about: [
    "Prints one row per finished system call, in the order in which the calls returned: of this machine, or of " +
    "recordings.",
    PROGRAM_TEXT,
  ],
  options: [...SELECTION_OPTIONS, ...LIVE_OPTIONS, OUTPUT_OPTION, ...LOOK_OPTIONS, ...ROWS_OPTIONS],
  operands: { kind: "program", reads: RECORDING_NAMES },
  examples: [
    ["ior stream -- ls -l", "every file call of a command"],
    ["ior stream -e /unlink/ -P '.log$'", "who removes log files"],
    ["ior stream -p 1234 --slower 10ms", "slow calls as they happen"],
    ["ior stream -u www-data --kind write", "everything that one user writes"],
    ["ior stream --json -- ls | jq .path", "rows for other tools"],
    ["ior stream -x run.parquet", "what failed in a recording"],
  ],
  build(values, { given, program, files }): StreamCommand {
    const { format, rowColumns: columns, maxRows } = values;
    const from = [...values.from, ...files];
    const look = lookOptions(values, values.output);
    refuseFormat(given, program, ROW_FORMAT_NAMES, "stream");
    const select = (from.length > 0 ? selectReplay : selectLive)(values);
    if (from.length > 0) refuseLive(given, program, files[0] ?? "--from");
    if (columns !== null && !hasColumns(format)) {
      throw new IorError(
        "usage",
        `Cannot use --columns with --format ${format}: that format has fields of its own`,
        { hint: "Leave --columns out, or choose another --format" },
      );
    }
    const showsGroups = values.showsGroups || columns?.includes("cgroup") === true;
    const asked = { ...values, showsGroups, fieldNames: columns ?? [] };
    const run = runOptions(look, select, asked, program, "command");
    return { kind: "stream", ...run, format, columns, maxRows, from };
  },
  async run(task: StreamCommand) {
    if (task.explains) return await runExplain(task, task.format === "ndjson");
    const { runStream } = await import("./run.ts");
    return statusOf(await runStream(task), task.strict);
  },
});
