import { IorError } from "../../../runtime/errors.ts";
import { statusOf } from "../../exit_status.ts";
import { LOOK_OPTIONS } from "../../options/look_options.ts";
import { lookOptions } from "../../options/look.ts";
import { recordTarget } from "../../options/recording.ts";
import { refuseAlone } from "../../options/refusals.ts";
import { LIVE_OPTIONS, ROWS_OPTIONS } from "../../options/run_options.ts";
import { RECORD_OPTION, SEGMENT_OPTIONS } from "../../options/segment_options.ts";
import { runOptions, selectLive } from "../../options/select.ts";
import { SELECTION_OPTIONS } from "../../options/selection_options.ts";
import { isLoopback, SERVE_OPTIONS } from "../../options/serve_options.ts";
import { command, PROGRAM_TEXT } from "../command.ts";
import { refuseRecording } from "../refuse_recording.ts";
import { runExplain } from "../run_explain.ts";
import type { ServeCommand } from "./task.ts";

/** The row of `ior serve`. */
export const SERVE = command({
  name: "serve",
  summary: "serve metrics, the report and the flamegraph over HTTP",
  about: [
    "Traces, and answers at --listen: /metrics in OpenMetrics, /report.json, /flame and /healthz. Whoever reaches the " +
    "address sees which commands use which files: other machines only with --token-file.",
    "With --record DIR/ SIGHUP ends a segment and begins the next; without it SIGHUP does nothing. SIGTERM and Ctrl-C end ior.",
    PROGRAM_TEXT,
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...LIVE_OPTIONS,
    ...ROWS_OPTIONS,
    ...SERVE_OPTIONS,
    RECORD_OPTION,
    ...SEGMENT_OPTIONS,
    ...LOOK_OPTIONS,
  ],
  operands: { kind: "program" },
  examples: [
    ["ior serve", "metrics of the machine"],
    ["ior serve --listen unix:/run/ior.sock", "for this user alone"],
    ["ior serve --listen 0.0.0.0:9947 --token-file token", "for others"],
    ["ior serve --otlp http://127.0.0.1:4318", "to a collector too"],
    ["ior serve --record rec/ --max-bytes 10G", "the newest rows as well"],
  ],
  build(values, { given, program }, machine): ServeCommand {
    refuseRecording(program, "report");
    const look = lookOptions(values, null);
    const select = selectLive(values);
    const { listen, tokenFile, otlp, otlpIntervalNs, record } = values;
    if (listen.kind === "tcp" && !isLoopback(listen.hostname) && tokenFile === null) {
      throw new IorError(
        "usage",
        `Cannot listen at ${listen.hostname} without --token-file: other machines reach it`,
        { hint: "Name a file with a token, or listen at 127.0.0.1" },
      );
    }
    if (otlp === null) {
      refuseAlone(
        given,
        SERVE_OPTIONS.filter(({ long }) => long === "--otlp-interval"),
        "--otlp http://127.0.0.1:4318",
      );
    }
    if (record === null) refuseAlone(given, SEGMENT_OPTIONS, "--record rec/");
    else if (given.has("--no-rows")) {
      throw new IorError("usage", "Cannot use --no-rows with --record: a recording is made of rows", {
        hint: "Leave one of the two out",
      });
    }
    return {
      kind: "serve",
      ...runOptions(look, select, values, program, record === null ? null : "recording"),
      listen,
      tokenFile,
      otlp: otlp === null ? null : { url: otlp, intervalNs: otlpIntervalNs },
      record: record === null ? null : recordTarget(values, given, record, machine),
    };
  },
  async run(task: ServeCommand) {
    if (task.explains) return await runExplain(task, false);
    const { runServe } = await import("./run.ts");
    return statusOf(await runServe(task), task.strict);
  },
});
