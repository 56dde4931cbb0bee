import { IorError } from "../../../runtime/errors.ts";
import { statusOf } from "../../exit_status.ts";
import { FLAME_BESIDE_OPTIONS, flameFields, SHAPE_OPTIONS } from "../../options/flame_options.ts";
import { LOOK_OPTIONS, OUTPUT_OPTION } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { recordTarget } from "../../options/recording.ts";
import { givenOf, refuseAlone, refuseSameFile } from "../../options/refusals.ts";
import { INTERVAL_OPTIONS, REPORT_OPTIONS, TABLE_OPTIONS } from "../../options/report_options.ts";
import { reportOptions } from "../../options/report.ts";
import { LIVE_OPTIONS, ROWS_OPTIONS } from "../../options/run_options.ts";
import { RECORD_OPTION, SEGMENT_OPTIONS } from "../../options/segment_options.ts";
import { runOptions, selectLive } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { command, PROGRAM_TEXT } from "../command.ts";
import { refuseRecording } from "../refuse_recording.ts";
import { runExplain } from "../run_explain.ts";
import type { TraceCommand } from "./task.ts";

/** The row of `ior trace`. */
export const TRACE = command({
  name: "trace",
  summary: "trace, then print one report",
  about: [
    "Traces system calls and reports where the I/O time went: by call, file, process, family and error, with the " +
    "calls that were lost, if any, and the cost of tracing itself.",
    PROGRAM_TEXT,
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...LIVE_OPTIONS,
    ...ROWS_OPTIONS,
    OUTPUT_OPTION,
    ...LOOK_OPTIONS,
    ...REPORT_OPTIONS,
    ...INTERVAL_OPTIONS,
    RECORD_OPTION,
    ...SEGMENT_OPTIONS,
    ...FLAME_BESIDE_OPTIONS,
  ],
  operands: { kind: "program" },
  examples: [
    ["ior trace -- make", "a whole build, children included"],
    ["ior trace -d 10s", "the whole machine, for ten seconds"],
    ["ior trace -p 1234 --slower 5ms", "what keeps one process waiting"],
    ["ior trace -x -P '^/etc/' -- nginx -t", "files it looks for and does not get"],
    ["ior trace --where 'bytes>1k' -- make", "calls for which a condition holds"],
    ["ior trace --json -- make | jq .files", "one document, for jq"],
    ["ior trace --by process,file -p 1234", "files of each process"],
    ["ior trace --interval 1s -n 60", "a line each second, for a minute"],
    ["ior trace --assert 'p99<5ms' -- make", "exits with 3 when calls are slow"],
    ["ior trace --flame make.html -- make", "a report and a flamegraph of one run"],
  ],
  build(values, { given, program }, machine): TraceCommand {
    const { intervalNs, full, count, record, flame, metric, output } = values;
    const fields = flameFields(values, given);
    refuseRecording(program, "report");
    const look = lookOptions(values, output);
    const select = selectLive(values);
    if (count !== null && intervalNs === null) {
      throw new IorError("usage", "Cannot use --count alone: it counts the reports of --interval", {
        hint: `For instance --interval 1s --count ${count}`,
      });
    }
    if (full && intervalNs === null) {
      throw new IorError("usage", "Cannot use --full alone: it is about the reports of --interval", {
        hint: "For instance --interval 1s --full",
      });
    }
    const ofTables = givenOf(given, TABLE_OPTIONS);
    if (ofTables !== null && intervalNs !== null && !full && values.format === "text") {
      throw new IorError(
        "usage",
        `Cannot use ${ofTables} with the lines of --interval: they have no tables`,
        {
          hint: "Add --full for a whole report of each interval",
        },
      );
    }
    if (record === null) refuseAlone(given, SEGMENT_OPTIONS, "--record rec/");
    else if (given.has("--no-rows")) {
      throw new IorError("usage", "Cannot use --no-rows with --record: a recording is made of rows", {
        hint: "Leave one of the two out",
      });
    }
    if (flame === null) refuseAlone(given, SHAPE_OPTIONS, "--flame make.html");
    refuseSameFile([["--output", output], ["--record", record], ["--flame", flame]]);
    const stacks = values.stacks || values.by.flat().includes("stack") || fields.includes("stack");
    const showsGroups = values.showsGroups || values.by.flat().includes("cgroup");
    const { sort, columns, assertions } = values;
    const asked = {
      ...values,
      showsGroups,
      stacks,
      waits: values.waits || columns?.includes("spent") === true,
      cache: values.cache || columns?.includes("cached") === true,
      fieldNames: [sort, ...assertions.map(({ measure }) => measure)],
    };
    return {
      kind: "trace",
      ...runOptions(look, select, asked, program, record === null ? null : "recording"),
      ...reportOptions(values, select.selection),
      intervalNs,
      full,
      count,
      record: record === null ? null : recordTarget(values, given, record, machine),
      flame: flame === null ? null : { path: flame, fields, metric },
    };
  },
  async run(task: TraceCommand) {
    if (task.explains) return await runExplain(task, task.format === "json");
    const { runTrace } = await import("./run.ts");
    const result = await runTrace(task);
    return statusOf(result, task.strict, result.failedAssertions.length > 0);
  },
});
