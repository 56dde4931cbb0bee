import { IorError } from "../../../runtime/errors.ts";
import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS, OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { LIVE_OPTIONS, NO_ROWS_OPTION } from "../../options/run_options.ts";
import { runOptions, selectLive } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { TOP_OPTIONS } from "../../options/top_options.ts";
import { command, PROGRAM_TEXT } from "../command.ts";
import { refuseRecording } from "../refuse_recording.ts";
import { runExplain } from "../run_explain.ts";
import type { TopCommand } from "./task.ts";

/** The row of `ior top`. */
export const TOP = command({
  name: "top",
  summary: "watch it live in the terminal",
  about: [
    "Shows what is traced while it happens, in seven views: overview, system calls, files and directories, processes, " +
    "latency, flamegraph, and the stream of single calls. The keys are explained by ?; q quits.",
    PROGRAM_TEXT,
    "The view has the terminal, so a COMMAND has neither it nor its input; send standard error to a file to keep what the " +
    "command prints.",
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...LIVE_OPTIONS,
    NO_ROWS_OPTION,
    OUTPUT_OPTION,
    ...LOOK_OPTIONS,
    ...TOP_OPTIONS,
  ],
  operands: { kind: "program" },
  examples: [
    ["ior top -p 1234", "a process, live"],
    ["ior top --view files -P /var/log", "who uses the logs"],
    ["ior top --batch -n 2 -- make", "two frames as text"],
    ["ior top --batch -n 1 --view files", "which files are used now"],
    ["ior top --json --interval 1s -n 2", "a report each second"],
  ],
  build(values, { given, program }): TopCommand {
    const { view, intervalNs, resetEveryNs, json, count, output } = values;
    refuseRecording(program, "report");
    const batch = json ? "json" : values.batch ? "text" : null;
    const needsBatch = ["--count", "--output"].find((long) => given.has(long));
    if (batch === null && needsBatch !== undefined) {
      throw new IorError("usage", `Cannot use ${needsBatch} alone: it needs --batch`, {
        hint: "For instance --batch -n 10",
      });
    }
    if (json && resetEveryNs !== null) {
      throw new IorError("usage", "Cannot use --reset-every with --json: each report is of its interval", {
        hint: "Leave --reset-every out",
      });
    }
    const look = lookOptions(values, output);
    return {
      kind: "top",
      ...runOptions(look, selectLive(values), values, program),
      ...{ view, intervalNs, resetEveryNs, batch, count },
    };
  },
  async run(task: TopCommand) {
    if (task.explains) return await runExplain(task, task.batch === "json");
    const { runTop } = await import("./run.ts");
    return statusOf(await runTop(task), task.strict);
  },
});
