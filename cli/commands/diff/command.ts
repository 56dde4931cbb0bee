import { type FailOn, parseFailOn } from "../../compare/fail_on.ts";
import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS, READER_OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { REPORT_FORMATS } from "../../report/formats.ts";
import { option, toggle } from "../../options/option.ts";
import { givenOf, refuseSameStandardInput } from "../../options/refusals.ts";
import { TOP_OPTION } from "../../options/report_options.ts";
import { topRows } from "../../options/report.ts";
import { selectReplay } from "../../options/select.ts";
import { REPLAY_OPTIONS } from "../../options/selection_options.ts";
import { command } from "../command.ts";
import type { DiffCommand } from "./task.ts";

const JSON_OPTION = toggle({
  key: "json",
  ...REPORT_FORMATS.json.option,
  group: "Output",
});

const FAIL_ON_OPTION = option({
  key: "failOn",
  long: "--fail-on",
  value: "EXPR",
  example: "p99(read) > 1.2x",
  group: "Assertions",
  summary: "exit with status 3 when this holds for the change",
  initial: [] as FailOn[],
  read: (text, _machine, before) => [...before, parseFailOn(text)],
});

/** The row of `ior diff`. */
export const DIFF = command({
  name: "diff",
  summary: "compare two recordings or reports",
  about: [
    "Compares two recordings, or two documents of trace --json, by call, file, directory and process: what changed, by " +
    "how much, and whether that is more than noise. A selection narrows both recordings.",
  ],
  options: [
    ...REPLAY_OPTIONS,
    JSON_OPTION,
    TOP_OPTION,
    FAIL_ON_OPTION,
    READER_OUTPUT_OPTION,
    ...LOOK_OPTIONS,
  ],
  operands: { kind: "files", words: ["BEFORE", "AFTER"], repeats: false, offers: "files" },
  examples: [
    ["ior diff before.parquet after.parquet", "two runs"],
    ["ior diff before.json after.json", "two documents of trace --json"],
    ["ior diff -P /var a.parquet b.parquet", "only calls on files below it"],
    ["ior diff --fail-on 'p99 > 1.2x' a.json b.json", "exits with 3 when slower"],
  ],
  build(values, { given, files }): DiffCommand {
    const [before, after] = files;
    const { json, failOn } = values;
    const look = lookOptions(values, values.output);
    refuseSameStandardInput(files);
    return {
      kind: "diff",
      ...look,
      ...selectReplay(values),
      before,
      after,
      callFlag: givenOf(given, REPLAY_OPTIONS),
      json,
      top: topRows(values.top, json ? "json" : "text"),
      failOn,
    };
  },
  async run(task: DiffCommand) {
    const { runDiff } = await import("./run.ts");
    const result = await runDiff(task);
    return statusOf(result, task.strict, result.failedConditions > 0);
  },
});
