import { isDirectory } from "../../../engine/files/named.ts";
import { IorError } from "../../../runtime/errors.ts";
import { SEGMENT_LIMITS } from "../../../runtime/recording.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import { checkRecordingName } from "../../options/recording.ts";
import { RecordingOfTrace, recordingTarget } from "../../run/recording_of_trace.ts";
import type { TopInterface } from "../../top/mod.ts";

/** The recordings that a user starts and stops, one at a time. */
export class Recordings implements AsyncDisposable {
  readonly #bindings: TopInterface;
  readonly #startedWallNs: bigint;
  readonly #header: () => ReportHeader;
  #current: RecordingOfTrace | null = null;
  /** True when rows are missing from one of them. */
  hasFailed = false;

  constructor(bindings: TopInterface, startedWallNs: bigint, header: () => ReportHeader) {
    this.#bindings = bindings;
    this.#startedWallNs = startedWallNs;
    this.#header = header;
  }

  /** Begins to record. Rejects with an error for the user when the file cannot be made. */
  async start(path: string): Promise<void> {
    checkRecordingName(path, { isDirectory });
    if (this.#current !== null) {
      throw new IorError("usage", `Cannot record to ${path}: another recording goes on; R stops it`);
    }
    const target = recordingTarget({
      path,
      segmentFlag: null,
      keep: null,
      maxBytes: null,
      ...SEGMENT_LIMITS,
    });
    const recording = await RecordingOfTrace.open(target);
    recording.begin({ startedWallNs: this.#startedWallNs, header: this.#header() });
    recording.keepUpdated(this.#header);
    this.#current = recording;
    await this.#bindings.wantRows("recording", true);
    this.#bindings.recording = recording.consumer;
  }

  /** Completes the recording, and resolves with what is to be said of it. */
  stop(): Promise<string> {
    return this.#stop([]);
  }

  /** Completes a recording that still goes on when the trace has ended; `null` for none. */
  async finish(running: readonly RunningCall[]): Promise<string | null> {
    return this.#current === null ? null : await this.#stop(running);
  }

  async #stop(running: readonly RunningCall[]): Promise<string> {
    await using recording = this.#current;
    if (recording === null) return "Nothing is recorded";
    this.#forget();
    const { lines, isWhole } = await recording.stop({ header: this.#header(), running });
    if (!isWhole) this.hasFailed = true;
    await this.#bindings.wantRows("recording", false);
    return lines.join("; ");
  }

  #forget(): void {
    this.#current = null;
    this.#bindings.recording = null;
  }

  /** Removes what was not completed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const recording = this.#current;
    this.#forget();
    await recording?.[Symbol.asyncDispose]();
  }
}
