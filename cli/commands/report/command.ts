import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS, READER_OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { REPORT_OPTIONS } from "../../options/report_options.ts";
import { reportOptions } from "../../options/report.ts";
import { selectReplay } from "../../options/select.ts";
import { REPLAY_OPTIONS } from "../../options/selection_options.ts";
import { command } from "../command.ts";
import type { ReportCommand } from "./task.ts";

/** The row of `ior report`. */
export const REPORT = command({
  name: "report",
  summary: "print the report of recordings",
  about: [
    "Prints the report that `ior trace` prints, of one or more recordings: Parquet or NDJSON files, directories, or " +
    "patterns. A selection narrows what was recorded.",
  ],
  options: [...REPLAY_OPTIONS, READER_OUTPUT_OPTION, ...LOOK_OPTIONS, ...REPORT_OPTIONS],
  operands: { kind: "files", words: ["FILE"], repeats: true, offers: "recordings" },
  examples: [
    ["ior report run.parquet", "the report of the run"],
    ["ior report --json rec/", "all segments, for jq"],
    ["ior report -x --by process,errno run.parquet", "what failed, and whose"],
  ],
  build(values, { files }): ReportCommand {
    const look = lookOptions(values, values.output);
    const select = selectReplay(values);
    return {
      kind: "report",
      ...look,
      ...select,
      ...reportOptions(values, select.selection),
      from: files,
    };
  },
  async run(task: ReportCommand) {
    const { runReport } = await import("./run.ts");
    const result = await runReport(task);
    return statusOf(result, task.strict, result.failedAssertions.length > 0);
  },
});
