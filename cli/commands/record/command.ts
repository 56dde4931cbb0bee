import { fieldsOf } from "../../../runtime/expression/mod.ts";
import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { recordTarget } from "../../options/recording.ts";
import { LIVE_OPTIONS } from "../../options/run_options.ts";
import { SEGMENT_OPTIONS } from "../../options/segment_options.ts";
import { runOptions, selectLive } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { recordTrigger } from "../../options/trigger.ts";
import { TRIGGER_OPTION, WINDOW_OPTIONS } from "../../options/trigger_options.ts";
import { command, PROGRAM_TEXT } from "../command.ts";
import { refuseRecording } from "../refuse_recording.ts";
import { runExplain } from "../run_explain.ts";
import type { RecordCommand } from "./task.ts";

/** The row of `ior record`. */
export const RECORD = command({
  name: "record",
  summary: "write one row per finished call to Parquet",
  about: [
    "Writes one row per finished system call to the Parquet file FILE, which appears when it is complete. A FILE that " +
    "is a directory, or ends in a slash, gets segments, each complete in itself, under host=.../date=...: a crash " +
    "loses at most the last one.",
    PROGRAM_TEXT,
    "With --trigger it is a flight recorder: rows stay in memory, and those around a call that matches EXPR are written, " +
    "from --before its end to --after the end of the last match. Each such window is a recording of its own in the " +
    "directory, which says what triggered it.",
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...LIVE_OPTIONS,
    ...LOOK_OPTIONS,
    ...SEGMENT_OPTIONS,
    TRIGGER_OPTION,
    ...WINDOW_OPTIONS,
  ],
  operands: { kind: "program", target: "FILE" },
  examples: [
    ["ior record run.parquet -- make", "every file call of a build"],
    ["ior record rec/ --keep 1000", "the machine, the newest segments"],
    ["ior record run.parquet -p 1234 -d 1m", "a process, for a minute"],
    ["ior record slow/ --trigger 'latency>1s'", "what happens around slow calls"],
  ],
  build(values, { given, program, files: [target] }, machine): RecordCommand {
    const look = lookOptions(values, null);
    const select = selectLive(values);
    const trigger = recordTrigger(values, given, target, select.selection, machine);
    // A window is one file, however long it is.
    const segmentNs = trigger === null || given.has("--segment-time") ? values.segmentNs : Infinity;
    const record = recordTarget({ ...values, segmentNs }, given, target, machine);
    refuseRecording(program, "report");
    const need = trigger === null ? "recording" : "trigger";
    const fieldNames = trigger === null ? [] : [...fieldsOf(trigger.trigger)];
    const showsGroups = values.showsGroups || fieldNames.includes("cgroup");
    const asked = { ...values, showsGroups, fieldNames };
    return { kind: "record", ...runOptions(look, select, asked, program, need), record, trigger };
  },
  async run(task: RecordCommand) {
    if (task.explains) return await runExplain(task, false);
    if (task.trigger !== null) {
      const { runFlight } = await import("./run_flight.ts");
      return statusOf(await runFlight(task, task.trigger), task.strict);
    }
    const { runRecord } = await import("./run.ts");
    return statusOf(await runRecord(task), task.strict);
  },
});
