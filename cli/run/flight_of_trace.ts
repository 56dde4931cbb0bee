import { type EndedTrace, machineArch, RecorderClient, type TraceFacts } from "../../engine/mod.ts";
import { FlightRecorder, type FlightWindow, type WindowSink } from "../../engine/flight/mod.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import type { RecordingTarget } from "../../runtime/recording.ts";
import type { ReportHeader, ReportTrigger } from "../../runtime/report.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import type { RunningCall } from "../../runtime/row.ts";
import type { RecordTrigger } from "../options/mod.ts";
import { headerSince } from "../report/header_since.ts";
import { triggerText } from "../report/trigger_text.ts";
import { sayAboveProgress } from "./progress.ts";
import { formatCount } from "../text/format.ts";
import { AlertRuns } from "./alert_runs.ts";
import { traceUser } from "./trace_user.ts";

/** What the recorder asks of the trace. */
export interface FlightTrace {
  facts: TraceFacts;
  /** What is now known of the run. */
  header: () => ReportHeader;
}

/** How a window is told of. */
export interface FlightLook {
  /** Only failures are said. */
  quiet: boolean;
  /** Only ASCII. */
  ascii: boolean;
}

/** The windows that a trace writes: each is a run of its own in the directory, with a start of its own. */
export class FlightOfTrace implements WindowSink, AsyncDisposable {
  /** Consumes the batches. */
  readonly consumer: FlightRecorder;
  readonly #client: RecorderClient;
  readonly #trigger: RecordTrigger;
  readonly #alerts: AlertRuns | null;
  readonly #quiet: boolean;
  readonly #ascii: boolean;
  readonly #path: string;
  #trace: FlightTrace | null = null;
  /** Cost at the end of the window before. */
  #cost: ReportHeader["cost"] | null = null;
  /** Calls that had not returned when the trace ended. */
  #running: readonly RunningCall[] = [];
  #isWhole = true;
  /** Windows that have a file. */
  #written = 0;

  private constructor(
    client: RecorderClient,
    target: RecordingTarget,
    trigger: RecordTrigger,
    { quiet, ascii }: FlightLook,
  ) {
    this.#client = client;
    this.#trigger = trigger;
    this.#quiet = quiet;
    this.#ascii = ascii;
    this.#path = target.path;
    this.#alerts = trigger.exec === null ? null : new AlertRuns(trigger.exec);
    this.consumer = new FlightRecorder(trigger, machineArch(), this);
  }

  /** Makes the directory. */
  static async open(
    target: RecordingTarget,
    trigger: RecordTrigger,
    look: FlightLook,
  ): Promise<FlightOfTrace> {
    const client = await RecorderClient.open({ arch: machineArch(), target, owner: traceUser() });
    return new FlightOfTrace(client, target, trigger, look);
  }

  /** The trace has begun. */
  begun(trace: FlightTrace): void {
    this.#trace = trace;
  }

  get canIngest(): boolean {
    return this.#client.canIngest;
  }

  room(): Promise<void> {
    return this.#client.room();
  }

  ingest(batch: EventBatch): Promise<unknown> {
    return this.#client.ingest(batch);
  }

  begin(window: FlightWindow): void {
    const startedWallNs = this.#trace!.facts.startedWallNs + BigInt(Math.trunc(window.fromNs));
    // A failure shows at the end of the window.
    this.#client.start({ startedWallNs, header: this.#headerOf(window) }).catch(() => {});
  }

  async end(window: FlightWindow): Promise<void> {
    const header = this.#headerOf(window);
    this.#cost = this.#trace!.header().cost;
    const { file, lastError, dropped } = await this.#client.stop({ header, running: this.#running });
    this.#isWhole &&= lastError === null && dropped === 0;
    if (lastError !== null) sayAboveProgress(lastError);
    if (dropped > 0) sayAboveProgress(`${formatCount(dropped)} calls are not in the recording`);
    if (file === undefined) return;
    this.#written++;
    const [trigger] = header.triggers!;
    if (!this.#quiet) {
      const calls = window.rows - dropped;
      sayAboveProgress(
        `Triggered ${triggerText(trigger, this.#ascii)}: ${formatCount(calls)} ${
          calls === 1 ? "call" : "calls"
        } in ${file}`,
      );
    }
    this.#alerts?.run(file, trigger);
  }

  /** Ends the last window with the trace, and waits for what runs, but not for ever. False when rows are missing. */
  async finish(ended: EndedTrace): Promise<boolean> {
    this.#running = ended.running;
    await this.consumer.finish(ended.wallNs);
    const written = this.#written;
    if (!this.#quiet) {
      sayAboveProgress(
        this.consumer.windows === 0
          ? `Nothing matched ${this.#trigger.text}: nothing is recorded in ${this.#path}`
          : `${formatCount(written)} ${written === 1 ? "window" : "windows"} recorded in ${this.#path}`,
      );
    }
    await this.#alerts?.finish();
    return this.#isWhole;
  }

  /** Removes what was not completed. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }

  /** The run of a window: what is known of the trace, from the begin of the window on. */
  #headerOf(window: FlightWindow): ReportHeader {
    const { fromNs, untilNs, lossBefore } = window;
    const now = this.#trace!.header();
    const before = {
      ...now,
      wall_ns: now.wall_ns - (untilNs - fromNs),
      loss: lossBefore,
      cost: this.#cost ?? { ...now.cost, cpu_ns: 0 },
    };
    return {
      ...headerSince(now, before),
      started: timeAfter(now.started, fromNs),
      command_wall_ns: null,
      triggers: [this.#triggerOf(window, now.started)],
    };
  }

  #triggerOf(
    { call, matches, fromNs, firstNs, lastNs, untilNs, isCut }: FlightWindow,
    started: string,
  ): ReportTrigger {
    const { pid, tid, comm, syscall, path, errno, latencyNs } = call;
    return {
      condition: this.#trigger.text,
      time: timeAfter(started, firstNs),
      pid,
      tid,
      comm,
      syscall,
      path,
      errno,
      latency_ns: latencyNs,
      matches,
      before_ns: firstNs - fromNs,
      after_ns: Math.max(0, untilNs - lastNs),
      ...(isCut && { wanted_before_ns: this.#trigger.beforeNs }),
    };
  }
}
