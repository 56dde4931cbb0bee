import { IorError } from "../../../runtime/errors.ts";
import type { CallExtra } from "../../../runtime/expression/mod.ts";
import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS, OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { refuseLive } from "../../options/refusals.ts";
import { FROM_OPTION, LIVE_OPTIONS, ROWS_OPTIONS } from "../../options/run_options.ts";
import { runOptions, selectLive, selectReplay } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { TOP_OPTIONS } from "../../options/top_options.ts";
import { command, PROGRAM_TEXT, RECORDING_NAMES } from "../command.ts";
import { runExplain } from "../run_explain.ts";
import { isOfRows, type ViewId } from "../../top/model.ts";
import type { TopCommand } from "./task.ts";

/** Some views show what only single calls tell; whoever opens one later gets them from then on. */
function showsRows({ batch, view }: Pick<TopCommand, "batch" | "view">): boolean {
  return batch !== "json" && isOfRows(view);
}

/** What is known of calls: what was asked for, and what the view shows. */
function extrasOf(
  view: ViewId,
  asked: Partial<Record<CallExtra, boolean>>,
): Partial<Record<CallExtra, boolean>> {
  return {
    // How files are opened, and where they are read.
    arguments: asked.arguments || view === "opens",
    cache: asked.cache || view === "mapped",
    stacks: asked.stacks || view === "stacks",
  };
}

/** The row of `ior top`. */
export const TOP = command({
  name: "top",
  summary: "watch calls live in the terminal",
  about: [
    "Shows what is traced while it happens, in ten views: overview, system calls, files and directories, processes, " +
    "latency, flamegraph, the stream of single calls, open files, mapped files, and stacks. ? explains the keys; q quits.",
    PROGRAM_TEXT,
    "With --from a recording is played in the same views: + and - change the speed, space pauses, , and . go back and " +
    "forward, @ goes to a moment. With --batch a frame covers --interval of it, and frames come as fast as they are read.",
    "The view has the terminal, so a COMMAND has neither it nor its input; send standard error to a file to keep what the " +
    "command prints.",
  ],
  options: [
    ...SELECTION_OPTIONS,
    FROM_OPTION,
    ...LIVE_OPTIONS,
    ...ROWS_OPTIONS,
    OUTPUT_OPTION,
    ...LOOK_OPTIONS,
    ...TOP_OPTIONS,
  ],
  operands: { kind: "program", reads: RECORDING_NAMES },
  examples: [
    ["ior top -p 1234", "a process, live"],
    ["ior top --view files -P /var/log", "who uses the logs"],
    ["ior top --waits --cache", "where calls wait, what is cached"],
    ["ior top --batch -n 2 -- make", "two frames as text"],
    ["ior top --batch -n 1 --view files", "which files are used now"],
    ["ior top --json --interval 1s -n 2", "a report each second"],
    ["ior top run.parquet", "play a recording"],
    ["ior top --batch --interval 10s run.parquet", "a frame for each 10s"],
  ],
  build(values, { given, program, files }): TopCommand {
    const { view, intervalNs, resetEveryNs, json, count, output } = values;
    const from = [...values.from, ...files];
    if (from.length > 0) refuseLive(given, program, files[0] ?? "--from");
    if (from.includes("-")) {
      throw new IorError("usage", "Cannot play standard input: its length is known only at its end", {
        hint: "Give ior top a file",
      });
    }
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
    const select = (from.length > 0 ? selectReplay : selectLive)(values);
    const asked = { ...values, ...extrasOf(batch === "json" ? "overview" : view, values) };
    const run = runOptions(look, select, asked, program, showsRows({ batch, view }) ? "view" : null);
    return {
      kind: "top",
      ...run,
      ...{ from, view, intervalNs, resetEveryNs, batch, count },
    };
  },
  async run(task: TopCommand) {
    if (task.explains) return await runExplain(task, task.batch === "json");
    const { runTop } = await import("./run.ts");
    return statusOf(await runTop(task), task.strict);
  },
});
